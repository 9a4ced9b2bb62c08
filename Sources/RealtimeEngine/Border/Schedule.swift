import MusicalTime

/// The timeline compiled for the renderer: immutable, borrowed by the realtime thread until it comes back by
/// `Notice.retiredSchedule`. Chunks of regions and the tempo map may be another schedule's too.
package struct Schedule: BitwiseCopyable {
  package var revision: UInt64
  package var tempo: TempoMapView
  /// Changes when the tempo map does: the renderer then keeps the musical position, not the frame.
  package var tempoRevision: UInt64
  package var audio: RegionTable
  package var midi: RegionTable
  package var loopStart: Tick
  package var loopEnd: Tick
  package var loops: Bool
  /// Sorted by tick, the first at 0.
  package var signatures: UnsafePointer<ScheduledSignature>
  package var signatureCount: Int
  /// One for each of `EngineLimits.tracks`; nil when no track has a lane.
  package var trackLanes: UnsafePointer<ScheduledLanes>?
  /// What enters here enters on its line or not at all: should the playhead be past this tick while it rolls, the
  /// schedule goes back as it came. Infinity: it is taken whenever it comes.
  package var notAfter: Double
}

/// The regions of one kind, sorted by start, then by key, in chunks none of which is empty.
package struct RegionTable: BitwiseCopyable {
  /// How many ends are gathered into one: regions of a chunk, chunks of a table.
  package static var gathered: Int { @_noLocks get { 16 } }
  var chunks: UnsafePointer<RegionChunkView>
  var chunkCount: Int
  /// The latest end in each 16 chunks: what covers a place is found without reading them all.
  var ends: UnsafePointer<Tick>
}

/// Regions that stand one after the other in a table.
struct RegionChunkView: BitwiseCopyable {
  var regions: UnsafePointer<ScheduledRegion>
  var count: Int
  /// How many regions of the table stand before these.
  var firstIndex: Int
  var firstStart: Tick
  /// The latest end of all, and of each 16.
  var end: Tick
  var ends: UnsafePointer<Tick>
}

/// A region's place in a table; `offset` may be one past its chunk's last.
struct RegionPlace: BitwiseCopyable {
  var chunk = 0
  var offset = 0

  @_noLocks
  init(chunk: Int = 0, offset: Int = 0) {
    self.chunk = chunk
    self.offset = offset
  }
}

/// One region as the renderer reads it. Ticks are absolute, frames are the clip's own.
package struct ScheduledRegion: BitwiseCopyable {
  package enum Kind: BitwiseCopyable, Sendable { case midi, audio }

  package var key: UInt64
  /// Changes with what makes a sounding region start anew: its place, clip, offset, loop, and how it reads
  /// notes.
  package var stamp: UInt64
  package var kind: Kind
  package var track: Int32
  package var start: Tick
  package var end: Tick
  package var gain: Float
  package var fadeInFrames: Int64
  package var fadeOutFrames: Int64
  package var fadeInCurve: FadeCurve
  package var fadeOutCurve: FadeCurve
  package var audio: ScheduledAudio
  package var midi: ScheduledMIDI
  /// Points count from the region's start; nil without lanes.
  package var lanes: UnsafePointer<ScheduledLanes>?
  package var pass = Pass.every

  /// In which passes of the playhead a region sounds: for one that takes another's place while that is being played.
  package enum Pass: BitwiseCopyable, Sendable {
    case every
    /// What sounds of it sounds on; it does not start any more.
    case last
    /// It starts when the playhead comes to it or jumps into it, and not because it has just been put there.
    case next
  }

  package var isLastPass: Bool {
    @_noLocks get {
      switch pass {
      case .last: true
      case .every, .next: false
      }
    }
  }

  package var isNextPass: Bool {
    @_noLocks get {
      switch pass {
      case .next: true
      case .every, .last: false
      }
    }
  }

  package init(
    key: UInt64, stamp: UInt64, kind: Kind, track: Int, start: Tick, end: Tick, gain: Float,
    fadeInFrames: Int64,
    fadeOutFrames: Int64, curve: FadeCurve, audio: ScheduledAudio = noAudio, midi: ScheduledMIDI = noMIDI
  ) {
    self.key = key
    self.stamp = stamp
    self.kind = kind
    self.track = Int32(track)
    self.start = start
    self.end = end
    self.gain = gain
    self.fadeInFrames = fadeInFrames
    self.fadeOutFrames = fadeOutFrames
    fadeInCurve = curve
    fadeOutCurve = curve
    self.audio = audio
    self.midi = midi
  }

  /// A switch, because the synthesised `==` of an enum is generic and barred from the realtime thread.
  package var isAudio: Bool {
    @_noLocks get {
      switch kind {
      case .audio: true
      case .midi: false
      }
    }
  }
}

extension ScheduledRegion {
  /// Whether its samples come from the reader.
  var isStreamed: Bool { @_noLocks get { isAudio && audio.stream != 0 && audio.passFrames > 0 } }

  /// What an audio region has in the place of notes, and a MIDI region in the place of samples: never read.
  package nonisolated(unsafe) static let noMIDI = ScheduledMIDI(
    clip: nothing.assumingMemoryBound(to: MIDIClipMemory.self), offset: 0, passTicks: 0, passes: 0,
    transpose: 0,
    velocityScale: 1, channel: -1, bank: -1, program: -1, origin: 0)
  package nonisolated(unsafe) static let noAudio = ScheduledAudio(
    left: nothing.assumingMemoryBound(to: Float.self), right: nothing.assumingMemoryBound(to: Float.self),
    isMono: true, offset: 0, passFrames: 0, passes: 0, skip: 0)
  // A page of zeros: written never, freed never.
  nonisolated(unsafe) private static let nothing: UnsafeRawPointer = {
    let raw = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64)
    raw.initializeMemory(as: UInt8.self, repeating: 0, count: 64)
    return UnsafeRawPointer(raw)
  }()
}

/// What an audio region plays: `passes` times the frames `offset ..< offset + passFrames` of the clip.
package struct ScheduledAudio: BitwiseCopyable {
  package var left: UnsafePointer<Float>
  package var right: UnsafePointer<Float>
  package var isMono: Bool
  /// The number of a clip that is read while it plays, whose `left` and `right` are never looked at; 0 for one
  /// in memory.
  package var stream: UInt64
  package var offset: Int64
  package var passFrames: Int64
  package var passes: Int64
  /// How far into the repeated material the region begins.
  package var skip: Int64
  /// The clip's frames that are there by now, of one in memory that is still being made; −1 of a whole one.
  package var ready = Int64(-1)

  package init(
    left: UnsafePointer<Float>, right: UnsafePointer<Float>, isMono: Bool, offset: Int64, passFrames: Int64,
    passes: Int64, skip: Int64
  ) {
    stream = 0
    self.left = left
    self.right = right
    self.isMono = isMono
    self.offset = offset
    self.passFrames = passFrames
    self.passes = passes
    self.skip = skip
  }
}

extension ScheduledAudio {
  /// A clip that is read while it plays.
  package init(
    stream: UInt64, isMono: Bool, offset: Int64, passFrames: Int64, passes: Int64, skip: Int64
  ) {
    self = ScheduledRegion.noAudio
    self.stream = stream
    self.isMono = isMono
    self.offset = offset
    self.passFrames = passFrames
    self.passes = passes
    self.skip = skip
  }

  /// Frames of a pass of a clip whose length nobody knows yet.
  package static var endless: Int64 { @_noLocks get { 1 << 40 } }

  /// Frames of all passes.
  var frames: Int64 { @_noLocks get { passFrames &* passes } }
  /// What it plays is in memory, and not whole yet: schedules to come will have more of it.
  var isGrowing: Bool { @_noLocks get { ready >= 0 && stream == 0 } }
}

/// What a MIDI region plays: `passes` times the ticks `offset ..< offset + passTicks` of the clip.
package struct ScheduledMIDI: BitwiseCopyable {
  package var clip: UnsafePointer<MIDIClipMemory>
  package var offset: Tick
  package var passTicks: Tick
  package var passes: Int64
  package var transpose: Int16
  package var velocityScale: Float
  /// −1 where the clip's own counts.
  package var channel: Int16
  package var bank: Int16
  package var program: Int16
  /// The tick at which the first pass began or would have begun.
  package var origin: Tick

  package init(
    clip: UnsafePointer<MIDIClipMemory>, offset: Tick, passTicks: Tick, passes: Int64, transpose: Int16,
    velocityScale: Float, channel: Int16, bank: Int16, program: Int16, origin: Tick
  ) {
    self.clip = clip
    self.offset = offset
    self.passTicks = passTicks
    self.passes = passes
    self.transpose = transpose
    self.velocityScale = velocityScale
    self.channel = channel
    self.bank = bank
    self.program = program
    self.origin = origin
  }
}

/// A fade's shape from 0 to 1.
package enum FadeCurve: BitwiseCopyable, Sendable, CaseIterable {
  /// `x`
  case linear
  /// `sin(πx/2)`: two of them crossed keep the power constant.
  case equalPower
  /// `x²`, close to a straight line in decibels near the top.
  case exponential
  /// `(1 − cos πx)/2`
  case s
}

/// A MIDI event in a clip's memory; ticks count from the clip's start.
package struct ClipEvent: BitwiseCopyable, Sendable, Equatable {
  package enum Kind: BitwiseCopyable, Sendable {
    case noteOff, controller, program, pitchBend, channelPressure, keyPressure, noteOn
  }

  package var tick: Tick
  package var kind: Kind
  package var channel: UInt8
  package var data1: UInt8
  package var data2: UInt8

  var isController: Bool {
    @_noLocks get {
      switch kind {
      case .controller: true
      default: false
      }
    }
  }

  /// Whether it chooses what notes to come are made of.
  var isSound: Bool {
    @_noLocks get {
      switch kind {
      case .program: true
      case .controller: data1 == 0 || data1 == 32
      default: false
      }
    }
  }

  var isNote: Bool {
    @_noLocks get {
      switch kind {
      case .noteOn, .noteOff: true
      default: false
      }
    }
  }

  /// Whether only a reset takes back what it does to its channel.
  var isStrange: Bool {
    @_noLocks get {
      switch kind {
      case .channelPressure, .keyPressure: true
      case .controller: ChannelState.isStrange(Int(data1))
      default: false
      }
    }
  }

  @_noLocks
  package init(tick: Tick, kind: Kind, channel: UInt8, data1: UInt8, data2: UInt8) {
    self.tick = tick
    self.kind = kind
    self.channel = channel
    self.data1 = data1
    self.data2 = data2
  }
}

/// A MIDI clip's events and, every `stride` events, what its controllers have come to by then.
package struct MIDIClipMemory: BitwiseCopyable {
  package static var chaseStride: Int { @_noLocks get { 256 } }
  package var events: UnsafePointer<ClipEvent>
  package var count: Int
  /// 16 states for event 0, 16 for event `chaseStride`, …
  package var states: UnsafePointer<ChannelState>
  /// The note-ons that still sound there: of checkpoint `c`, `held[heldStarts[c] ..< heldStarts[c + 1]]`.
  package var held: UnsafePointer<Int32>
  package var heldStarts: UnsafePointer<Int32>
}
