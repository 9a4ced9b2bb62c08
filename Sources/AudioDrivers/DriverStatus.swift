import CDrivers

/// What a driver knows about itself now. The figures count from the last start.
package struct DriverStatus: Sendable, Equatable {
  /// `jack`, `alsa`, `virtual`, `timer` or `manual`.
  package var name: String
  /// For a person: "jackd 'default', 2 outputs connected".
  package var device: String
  /// Frames per second, as the device last said.
  package var sampleRate: Double
  /// Frames of the last block, believed from the callback alone; 0 before the first.
  package var period: Int
  package var callbacks: UInt64
  /// Frames the renderer was asked for.
  package var frames: UInt64
  /// Interruptions, by cause.
  package var xrunCauses = XrunCounts()
  package var xruns: UInt64 { xrunCauses.total }
  /// Frames that the device lost, by which the timeline was moved on.
  package var lostFrames: UInt64 = 0
  /// The device's rate is not the renderer's.
  package var resampling = false
  /// The kernel's number of the thread that renders; 0 before its first block.
  package var thread: Int32 = 0
  /// Of the clock keeper, where there is one.
  package var keeper: KeeperStatus?
  /// This process's own blocks that took more than half their period of the thread's processor time.
  package var lateBlocks: UInt64
  /// The thread's processor time per block over the period, smoothed over half a second. 1 is the whole
  /// period.
  package var load: Double
  /// The largest of those for a single block.
  package var worst: Double
  /// Whether the rendering thread is scheduled before ordinary ones now.
  package var realtime: Bool
  /// Why it is not.
  package var refusal: String?
  /// Started, not stopped, and the device is there.
  package var alive: Bool
  /// Why the device went away, when it did by itself. To be polled: no driver calls back.
  package var shutdown: String?
  /// How often the device announced another period.
  package var periodChanges: UInt64
  /// The server calls as fast as it can; nothing is late then.
  package var freewheeling: Bool
  /// Lines the JACK library would have printed, since the process began.
  package var messages: UInt64
  /// MIDI messages that came faster than they were taken.
  package var midiDropped: UInt64 = 0
  /// Of the renderer's channels, how many the device takes: 2 are the main pair, 5 all of them.
  package var outputs = 5
  /// Connections of each output; nil for a device whose outputs always go to somebody, or that is away.
  package var connections: [Int]?
  /// How many of the main pair go to somebody; nil likewise.
  package var connected: Int? { connections.map { $0.prefix(2).filter { $0 > 0 }.count } }

  package var onShutdown: Bool { shutdown != nil }
}

extension DriverStatus {
  /// A driver that has not rendered.
  init(name: String, device: String, sampleRate: Double) {
    self.init(
      name: name, device: device, sampleRate: sampleRate, period: 0, callbacks: 0, frames: 0,
      lateBlocks: 0, load: 0, worst: 0, realtime: false, refusal: nil, alive: false, shutdown: nil,
      periodChanges: 0, freewheeling: false, messages: drv_jack_messages())
  }

  /// The figures of a cycle that is driven (`running`) or was.
  init(name: String, device: String, cycle: Cycle, running: Bool) {
    let figures = cycle.figures
    self.init(name: name, device: device, sampleRate: figures.sample_rate)
    period = Int(figures.period)
    callbacks = figures.callbacks
    frames = figures.frames
    xrunCauses = XrunCounts(figures)
    lostFrames = figures.lost_frames
    thread = figures.thread
    resampling = figures.resampling
    lateBlocks = figures.late_blocks
    load = figures.load
    worst = figures.worst
    realtime = running && !figures.ended && drv_thread_is_realtime(figures.thread)
    alive = running && !figures.ended
    shutdown = cycle.shutdown
    periodChanges = figures.period_changes
    freewheeling = figures.freewheeling
  }
}
