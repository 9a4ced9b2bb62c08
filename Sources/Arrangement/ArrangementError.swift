import MusicalTime

/// Why an edit was refused. The timeline is as it was.
package struct ArrangementError: Error, Equatable, Sendable {
  package enum Kind: String, Sendable {
    case unknownBus, circle
    case unknownTrack, unknownRegion, unknownMarker, ambiguous, badName, nameTaken, full, outOfRange,
      notInside
    case wrongKind, wrongState, empty
  }

  package let kind: Kind
  /// What failed, why, and what to type next: one line each, whatever the names in them hold.
  package let lines: [String]

  package init(_ kind: Kind, _ what: String, _ why: String, _ next: String) {
    self.kind = kind
    lines = [what.oneLine, why.oneLine, next.oneLine]
  }
}
