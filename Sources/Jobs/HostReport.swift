/// What a client says of a call while it runs.
package enum HostReport: Sendable, Equatable {
  /// The host has taken it on, under this name if it gives names.
  case accepted(remote: String?)
  /// Percent of 0…100, where the host knows; a few words, where it says any. May go backwards: the reader minds.
  case progress(percent: Double?, message: String?)
  /// A part of the result, before its end.
  case chunk(HostChunk)
  /// The host is alive and works on it.
  case heartbeat
  /// The end. Exactly once, and nothing after it.
  case finished(HostOutcome)
}

/// How a call ended.
package enum HostOutcome: Sendable, Equatable {
  case succeeded(HostResult)
  /// The host has no room now: no failure, and no attempt.
  ///
  /// - Parameter retryAfter: seconds, as the host said it; nil when it said nothing that can be read.
  case busy(retryAfter: Double?)
  case failed(HostFailure)
  /// It was asked to stop, and the host works on it no more.
  case cancelled
}

/// A part of a result that comes before its end.
package struct HostChunk: Sendable, Equatable {
  /// From 0, one more each time: as its host counts them, or else as they came.
  package var sequence: Int
  /// Its MIME type: `audio/wav`, `audio/L16;rate=32000;channels=1`, `audio/midi`, `application/json`.
  package var type: String
  package var bytes: [UInt8]
  /// Where it begins, as its host says: in beats of notes, in frames at its own rate of sound; nil: where the part
  /// before it ended.
  package var offset: Double?
  /// Why it is counted and not used; nil of one that may be.
  package var fault: String?

  package init(
    sequence: Int, type: String, bytes: [UInt8], offset: Double? = nil, fault: String? = nil
  ) {
    self.sequence = sequence
    self.type = type
    self.bytes = bytes
    self.offset = offset
    self.fault = fault
  }
}

/// What a host made.
package struct HostResult: Sendable, Equatable {
  /// The first is what a region plays; further ones are its variations.
  package var artifacts: [HostArtifact]
  /// One JSON value in UTF-8: the answer of a tool that makes no artifact, or what is to be known of those it made.
  package var value: [UInt8]?

  package init(artifacts: [HostArtifact] = [], value: [UInt8]? = nil) {
    self.artifacts = artifacts
    self.value = value
  }
}

/// A finished file as it came from a host, not yet in the content store.
package struct HostArtifact: Sendable, Equatable {
  package enum Content: Sendable, Equatable {
    case bytes([UInt8])
    /// A temporary file that now belongs to the receiver, who removes it.
    case file(path: String)
    /// Somebody's own file: a copy is taken, and it stays as it is.
    case original(path: String)
    /// It is in the content store already, under this name.
    case stored(hash: String)
  }

  package var content: Content
  /// What the host says it is: `audio/midi`, `audio/wav`… Nobody has looked yet.
  package var type: String
  /// Its part in the result: `variation 2`. Empty when it has none.
  package var label: String

  package init(_ content: Content, type: String, label: String = "") {
    self.content = content
    self.type = type
    self.label = label
  }
}

/// Why a call came to nothing.
package struct HostFailure: Sendable, Equatable, Error {
  package enum Class: String, Sendable, CaseIterable {
    /// It would fail again: the request is wrong, or the answer cannot be used.
    case permanent
    /// The host failed, and may not the next time.
    case retryable
    /// The host was not reached, or the way back broke.
    case transport
  }

  package var cause: Class
  /// The host may still be working on it: it must be asked for, or left alone until it is known to be free, before it
  /// is sent again.
  package var mayStillRun: Bool
  /// What failed, why (the value seen and the value allowed), what to do next.
  package var lines: [String]
  /// The status code of a host that gives them.
  package var status: Int?
  /// Seconds that the host asks to be left alone for, when it said so.
  package var retryAfter: Double?

  package init(
    _ cause: Class, _ what: String, why: String, next: String, status: Int? = nil, retryAfter: Double? = nil,
    mayStillRun: Bool = false
  ) {
    self.cause = cause
    self.mayStillRun = mayStillRun
    self.status = status
    self.retryAfter = retryAfter
    lines = [what, why, next]
  }
}

/// How a host does, as it says or as its answer shows. What it does not say is nil: zero is never assumed.
package struct HostHealth: Sendable, Equatable {
  package var isUp: Bool
  /// Of 0…1.
  package var gpuLoad: Double?
  /// Used of all, 0…1.
  package var gpuMemory: Double?
  /// Places for calls that are free now, whoever asks.
  package var freeSlots: Int?
  /// The tools it says it has.
  package var tools: [String]?
  /// Why it is not up, in one line; or what it says of itself.
  package var note: String

  package init(isUp: Bool, note: String = "") {
    self.isUp = isUp
    self.note = note
  }
}
