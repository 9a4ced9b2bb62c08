import Arrangement
import AudioDrivers
import Capture
import ContentStore
import ControlSocket
import FoundationEssentials
import Glibc
import HootCapnProto
import HootWire
import Ledger
import LockFree
import MusicalTime
import RealtimeEngine
import Settings
import Telemetry
import Threading
import Tools

/// Turns requests and news into commands for the renderer and events for everybody. Owned by the control
/// thread, which waits only in `step`: it opens no file, and a loader does what can take long.
package final class Conductor {
  let settings: Settings
  let server: ControlServer
  /// What outlives the daemon. Asked and never waited for; whoever opened it closes it.
  package let ledger: Ledger
  /// Limits of targets that this one does not see.
  package var otherLimits: [LimitsTable.Row] = []
  let engine: Engine
  let loader: Loader
  /// Files named by what is in them. Only the loader and the storekeeper open it.
  let store: ContentStore
  /// Reads and writes the store for its own sake, so that no clip waits for that.
  let storekeeper: Loader
  /// Reads whole files for pictures of them, so that nothing that is to play or to be kept waits for that.
  let sketcher: Loader
  let fontDescriptions = FontDescriptions()
  let reader: StreamReader
  let loudness: LoudnessWatch
  let capture: CaptureDesk
  let started = ContinuousClock.now

  /// Drives the renderer, through a device or by its own clock.
  var keeper: ClockKeeper?
  var timeline: Timeline { didSet { timelineIsTouched = true } }
  /// Whether the timeline may differ from what was written down last: most turns need no comparison.
  var timelineIsTouched = true
  var material: [UUID: ClipMaterial] = [:]
  /// The clip that was last loaded from a file; it may have gone since.
  var materialOfPath: [String: UUID] = [:]
  var peers = PeerQueues()
  var landing = Landing()
  var transport = TransportView()
  var schedules = ScheduleShelf()
  var compiler = ScheduleCompiler()
  var quantised = QuantisedCommands()
  var taps = TapTempo()
  var metronome = MetronomeWish()
  var banks = BankShelf()
  var streaming = Streaming()
  var mixes = MixShelf()
  /// What the renderer auditions or is about to, by address.
  var auditions: [UInt: AuditionContent] = [:]
  var cueGainDB = 0.0
  var defaultFont: String
  var peerAudio = PeerAudio()
  var announced = Announced()
  var pulse = BroadcastPulse()
  /// nil: nothing is broadcast.
  package var schemas: WireSchemas?
  /// Has whoever posts jobs' ends look what there is.
  package var wakeWebhooks: @Sendable () -> Void = {}
  /// Regions whose content is with the loader.
  var bringing: Set<UUID> = []
  /// What waits for the loader, by token.
  var continuations: [UInt64: (Loaded) -> Void] = [:]
  var nextToken: UInt64 = 1
  var cadence = Cadence()
  var memoryLock: MemoryLock?
  var lockedBytes = LockedBytes()
  var midi = MIDISide()
  var ports = PortsSide()
  var sessions = SessionShelf()
  var journal: Journal
  /// The default font at the start, which is the settings' and not the session's.
  let startFont: String
  /// The source that was last asked for and came.
  var wishedInput: String?
  var captures = CaptureShelf()
  /// hootenanny's, by their names.
  var streams: [String: RunningStream] = [:]
  var inputMonitor = InputMonitor()
  var inputPortLatency = 0
  /// nil: before the dispatcher is there, and in programs without one.
  var jobs: JobSide?
  /// Requests whose content is on its way into the store, by when they came.
  var storing: [ContinuousClock.Instant: StoringRequest] = [:]
  /// Of those, the ones that become jobs.
  var handingOver: Set<ContinuousClock.Instant> = []
  var eventPolls: [EventPoll] = []
  var workflows = WorkflowSide()
  var entrances = EntranceShelf()
  var growth = GrowthShelf()
  /// Takes the parts of streams apart, so that they wait for no file.
  let grower: Loader
  /// nil: nothing is told to a collector. Whoever opened it stops it.
  package var telemetry: OTLPExporter?
  var measuredLast = ContinuousClock.now
  /// What would end the sound asks first. Lasts as long as the daemon.
  var isStageLocked = false
  var isStopping = false
  /// After so long a request that still loads is answered as late.
  var replySeconds = ControlLimits.replySeconds

  /// Makes the engine at the first device's rate. Nothing sounds before `start`.
  package init(
    settings: Settings, server: ControlServer, keeper: ClockKeeper, font: String, ledger: Ledger
  ) throws(Refusal) {
    self.settings = settings
    self.ledger = ledger
    self.server = server
    self.keeper = keeper
    store = ContentStore(settings)
    defaultFont = font
    startFont = font
    do {
      engine = try Engine(
        sampleRate: keeper.sampleRate, voiceBudget: settings.voices, limiter: settings.limiter,
        ceilingDB: settings.ceiling, historyFrames: EngineLimits.historyFrames)
    } catch { throw Refusal(error) }
    do {
      loader = try Loader()
      storekeeper = try Loader(name: "garden-store")
      sketcher = try Loader(name: "garden-sketch")
      grower = try Loader(name: "garden-grower")
      reader = try StreamReader(engine.streams)
      capture = try CaptureDesk(
        CaptureDesk.Wishes(
          mix: engine.output, sampleRate: Int(keeper.sampleRate), pastMinutes: settings.captureMinutes,
          folder: settings.captureFolder))
    } catch { throw Refusal("no_thread", .tryLater, error.lines[0], error.lines[1], error.lines[2]) }
    loudness = try LoudnessWatch(engine.heard, sampleRate: Int(keeper.sampleRate))
    do {
      timeline = Timeline(map: try TempoMap(sampleRate: keeper.sampleRate))
    } catch { throw Refusal(error) }
    do { journal = try Journal(base: timeline) } catch {
      throw Refusal("no_thread", .tryLater, error.lines[0], error.lines[1], error.lines[2])
    }
  }

  /// Lends the renderer to the keeper.
  package func start() throws(Refusal) {
    do {
      try keeper?.start(engine.entry)
    } catch { throw Refusal(error) }
    publishExecution("starting")
    try startMIDI()
    try startPorts()
    sendUnannounced(.chaseNotes, value: settings.chaseNotes ? 1 : 0)
    publishExecution("idle")
    restore()
  }

  /// One turn of the control thread; answers false when the daemon is to end.
  package func step() -> Bool {
    let batch = server.poll(
      timeout: patience,
      descriptors: [
        loader.descriptor, storekeeper.descriptor, sketcher.descriptor, grower.descriptor, reader.descriptor,
        capture.descriptor,
      ]
        + midiDescriptors + portDescriptors + [journal.news.descriptor]
        + (journal.restoring == nil ? jobDescriptors : []))
    takeNotices()
    takeNews()
    takeReaderNews()
    takeMIDI()
    tendCaptures()
    takePorts()
    takeJournalNews()
    // What has come is for regions that are not back yet.
    if journal.restoring == nil { takeJobs() }
    noteEdits("midi", by: "midi")
    for incoming in batch.requests { accept(incoming) }
    serve()
    noteEdits("edit", by: Self.userName)
    keepPosition()
    sendSchedule()
    refuseOverdue()
    postponeMissed()
    publishDeviceEvents()
    publishPulse()
    publishBusiness()
    publishPeriodically()
    tendEventPolls()
    return !isStopping
  }

  /// How long to wait for requests before looking what the renderer has done. What is about to land does so in the next
  /// callback, whose time is known, and is looked for often from then on.
  private var patience: Duration {
    guard landing.isWaiting, let keeper else { return .milliseconds(5) }
    let callback = keeper.time(of: engine.report.read().deviceFrame)
    let left = callback - Self.monotonicNanoseconds
    let look = Int64(ControlLimits.landingLookMicroseconds) * 1000
    // A device that has not called for long is not looked for that often.
    let pause = left < -look * 100 ? look * 10 : look
    return .nanoseconds(min(max(left, 0), 5_000_000) + pause)
  }

  private static var monotonicNanoseconds: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// Stops the device and the loader; in this order, so that nothing is freed under the renderer.
  package func stop() {
    publishExecution("shutting_down")
    jobs?.dispatcher.close()
    settleJournal()
    stopPorts()
    keeper?.stop()
    keeper = nil
    stopMIDI()
    loader.stop()
    storekeeper.abandon()
    sketcher.abandon()
    grower.stop()
    reader.stop()
    loudness.stop()
    capture.stop()
    server.close()
  }

  /// Asks the loader; `then` runs on the control thread with what it brings.
  func load(
    on thread: Loader? = nil, _ work: @escaping @Sendable () -> Loaded, then: @escaping (Loaded) -> Void
  ) throws(Refusal) {
    let token = nextToken
    guard (thread ?? loader).submit(token: token, work) else {
      throw Refusal(
        "busy", .tryLater, "too much is being loaded", "\(ControlLimits.loaderOrders) files wait already",
        "try again in a moment")
    }
    nextToken += 1
    continuations[token] = then
  }

  func takeNews() {
    for news in loader.drain() + storekeeper.drain() + sketcher.drain() + grower.drain() {
      continuations.removeValue(forKey: news.token)?(news.result)
    }
  }
}
