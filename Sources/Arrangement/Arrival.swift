import FoundationEssentials
import MusicalTime

/// How what a job makes comes into the music.
package struct Arrival: Sendable, Equatable, Codable {
  /// When it enters where its region is being played already. Where it is not, it is there from the region's start on.
  package enum Entry: String, Sendable, Codable, CaseIterable {
    case now
    case nextBeat = "next-beat"
    case nextBar = "next-bar"
    /// When the playhead next comes to the region's start.
    case nextPass = "next-pass"
    /// Likewise; and a job that cannot be there by the time the playhead first comes to it is late.
    case atStart = "at-start"
  }

  /// What sounds in the region as long as nothing has come.
  package enum Fallback: String, Sendable, Codable, CaseIterable {
    case silence
    /// The region before it on its track goes on: its material is played beyond its end.
    case extend
    /// The region before it on its track once more, from its beginning, as often as fits.
    case loop
    case previousTake = "previous-take"
  }

  package enum Fit: String, Sendable, Codable, CaseIterable {
    case keep
    /// MIDI is made as long as the region is.
    case stretch
    /// The timeline takes the tempo of what came, from the region's start on.
    case adopt
  }

  package var entry = Entry.nextBar
  /// Ticks in which what played there before fades into it; 0 is a cut.
  package var crossfade: Tick = 0
  package var fallback = Fallback.silence
  package var fit = Fit.keep
  /// A person has to approve it.
  package var isManual = false
  /// How far its length may be off the region's, as a share.
  package var tolerance = 0.5

  package init() {}
}

/// One result for a region.
package struct Take: Sendable, Equatable, Codable {
  package var job: String
  /// Its name in the store.
  package var content: String
  package var kind: Clip.Kind
  package var label: String
  /// Seconds since 1970.
  package var at: Double
  /// The content that it is a variation of.
  package var parent: String?

  package init(
    job: String, content: String, kind: Clip.Kind, label: String, at: Double, parent: String? = nil
  ) {
    (self.job, self.content, self.kind, self.label) = (job, content, kind, label)
    (self.at, self.parent) = (at, parent)
  }
}
