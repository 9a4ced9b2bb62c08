import CFluidSynth
import CRealtime
import LockFree
import MusicalTime
import Synchronization

/// The realtime engine, seen from outside: made, fed and freed on an ordinary thread; rendered by the one
/// thread that `entry` is lent to.
package final class Engine {
  package let sampleRate: Double
  /// The control thread's end of the command ring.
  package let commands: RingProducer<Command>
  /// The control thread's end of the notice ring.
  package let notices: RingConsumer<Notice>
  package let report: LatestValue<Report>
  package let meters: LatestValue<MeterReport>
  /// The main output, block by block; read by one thread.
  package let heard: RingConsumer<MeterBlock>
  /// The main output, frame by frame as it is heard; read by any thread.
  package let output: FrameHistory
  /// Frames of silence that come first. Every frame in reports and notices counts from before them: it is the
  /// one that is heard.
  package let lookAheadFrames: Int

  /// The rings that the reader fills.
  package let streams: StreamPool

  let state: UnsafeMutablePointer<RenderState>
  let memory: EngineMemory
  /// Where channels go that nobody asked for.
  private let unheard: UnsafeMutablePointer<UnsafeMutablePointer<Float>>
  private let commandRing: Ring<Command>
  private let noticeRing: Ring<Notice>
  private let meterRing: Ring<MeterBlock>
  private let portRings = PortRings()
  /// What ordinary threads do with MIDI ports.
  package let midi: MIDICrossing
  private let firstSchedule: CompiledSchedule
  private let firstHeads = CompiledHeads(revision: 0, contents: [])
  private(set) var timedRooms = 0

  /// Everything the realtime thread will ever touch is allocated and written to here.
  ///
  /// - Parameter sampleRate: frames a second, `EngineLimits.minimumSampleRate` to `maximumSampleRate`.
  /// - Parameter ceilingDB: what the limiter keeps the true peak under; held to `EngineLimits.ceilingDB`.
  /// - Parameter historyFrames: of the main output that are kept, a power of two.
  /// - Parameter looksAhead: false leaves the limiter and its delay out: what is sent is heard in the block it
  ///   lands in.
  package init(
    sampleRate: Double, voiceBudget: Int = EngineLimits.defaultVoiceBudget, limiter: Bool = true,
    ceilingDB: Double = EngineLimits.defaultCeilingDB, looksAhead: Bool = true,
    historyFrames: Int = EngineLimits.briefHistoryFrames
  ) throws(EngineError) {
    guard sampleRate >= EngineLimits.minimumSampleRate, sampleRate <= EngineLimits.maximumSampleRate,
      let tempo = try? TempoMap(sampleRate: sampleRate)  // Only the rate can be refused, and is here.
    else { throw .sampleRateOutOfRange(sampleRate) }
    self.sampleRate = sampleRate
    lookAheadFrames = looksAhead ? EngineLimits.lookAheadFrames : 0
    commandRing = Ring(
      capacity: EngineLimits.commandRing, filling: Command(id: 0, kind: .pause, dueFrame: 0))
    noticeRing = Ring(
      capacity: EngineLimits.noticeRing, filling: Notice(kind: .landed, id: 0, frame: 0, tick: 0))
    commands = commandRing.producer
    notices = noticeRing.consumer
    report = LatestValue(Report())
    meters = LatestValue(MeterReport())
    meterRing = Ring(capacity: EngineLimits.meterRing, filling: MeterBlock(repeating: 0))
    heard = meterRing.consumer
    output = FrameHistory(capacity: historyFrames)
    firstSchedule = CompiledSchedule(revision: 0, tempo: tempo, tempoRevision: 0, regions: [])
    streams = StreamPool(sampleRate: sampleRate)
    memory = EngineMemory()
    state = memory.allocate(1)
    let deviceStage = memory.stage(portRings.deviceOut.consumer, posts: portRings.devicePosts.consumer)
    midi = MIDICrossing(portRings, memory, device: deviceStage)
    let grid = memory.outputs(frames: EngineLimits.gridFrames)
    let limit = Int32(max(1, min(voiceBudget, EngineLimits.maximumVoiceBudget)))
    state.initialize(
      to: RenderState(
        sampleRate: sampleRate, declickFrames: Int((EngineLimits.declickSeconds * sampleRate).rounded()),
        commands: commandRing.consumer, notices: noticeRing.producer, report: report, meters: meters,
        heard: meterRing.producer, output: output,
        taps: memory.filled(EngineLimits.taps, with: Tap()), silence: memory.bus(),
        input: memory.inputDesk(),
        emergency: .allocate(capacity: 1), schedule: firstSchedule.pointer,
        timed: TimedCommands(top: memory.allocate(1)),
        retiring: RetiringSchedules(revisions: memory.filled(EngineLimits.retiringSchedules, with: 0)),
        tracks: memory.tracks(), players: memory.allocate(EngineLimits.midiPlayers),
        voices: memory.allocate(EngineLimits.audioVoices),
        streams: Self.desk(streams, heads: firstHeads, sampleRate: sampleRate, memory),
        retiringBanks: memory.allocate(EngineLimits.retiringBanks),
        audition: AuditionPlayer(player: memory.auditionPlayer()),
        budget: VoiceBudget(limit: limit), soundingNotes: memory.filled(16 * 128, with: 0),
        chased: memory.filled(16, with: ChannelState()), found: memory.allocate(EngineLimits.regionsEntered),
        levels: memory.bus(), gridLeft: grid[OutputChannel.mainLeft.rawValue],
        gridRight: grid[OutputChannel.mainRight.rawValue], gridOutputs: grid,
        cueLeft: grid[OutputChannel.cueLeft.rawValue], cueRight: grid[OutputChannel.cueRight.rawValue],
        click: grid[OutputChannel.click.rawValue],
        waiting: memory.filled(3 * EngineLimits.gridFrames, with: 0), beforeLeft: memory.bus(),
        beforeRight: memory.bus(), wiring: memory.wiring(),
        effects: memory.filled(EngineLimits.buses, with: EffectSlot()),
        limiter: Limiter(
          isOn: limiter, ceiling: Self.linear(ceilingDB), sampleRate: sampleRate, memory: memory.limiter()),
        metronome: memory.metronome(sampleRate: sampleRate),
        ports: memory.portDesk(portRings, stage: deviceStage)))
    unheard = memory.outputs(frames: EngineLimits.maximumBlockFrames)
    state.pointee.emergency.initialize(to: Atomic<Bool>(false))
    state.pointee.looksAhead = looksAhead
    // What is rendered first is heard when the limiter has given back its silence.
    state.pointee.deviceFrame = Int64(lookAheadFrames)
    if sampleRate >= EngineLimits.delayedSampleRate {
      state.pointee.earlyFrames = Int64(EngineLimits.gridFrames)
    }
    state.pointee.updateLead()
  }

  private static func linear(_ decibels: Double) -> Float {
    let range = EngineLimits.ceilingDB
    return Float(rt_pow(10, max(range.lowerBound, min(range.upperBound, decibels)) / 20))
  }

  private static func desk(
    _ pool: StreamPool, heads: CompiledHeads, sampleRate: Double, _ memory: EngineMemory
  ) -> StreamDesk {
    let slots: UnsafeMutablePointer<StreamSlot> = memory.allocate(pool.count)
    for index in 0..<pool.count { (slots + index).initialize(to: StreamSlot(ring: pool.rings + index)) }
    return StreamDesk(
      slots: slots, count: pool.count, heads: heads.pointer,
      retiringHeads: memory.filled(EngineLimits.retiringHeads, with: 0),
      aheadFrames: Int64(EngineLimits.streamAheadSeconds * sampleRate),
      leadFrames: Int64(EngineLimits.headLeadSeconds * sampleRate))
  }

  deinit {
    state.pointee.emergency.deallocate()
    memory.deallocate()
    commandRing.deallocate()
    noticeRing.deallocate()
    meterRing.deallocate()
    output.deallocate()
    portRings.deallocate()
    report.deallocate()
    meters.deallocate()
  }

  /// What a driver is lent. The engine must outlive it.
  package var entry: RenderEntry {
    RenderEntry(
      context: UnsafeMutableRawPointer(state),
      render: { context, outputs, frames in
        context.assumingMemoryBound(to: RenderState.self).pointee.render(outputs, frames: Int(frames))
      },
      beginThread: { _ in rt_flush_denormals() },
      takeInput: { context, left, right, frames in
        context.assumingMemoryBound(to: RenderState.self).pointee.takeInput(left, right, frames: Int(frames))
      },
      takeMIDI: { context, frame, packed in
        context.assumingMemoryBound(to: RenderState.self).pointee.takeFromDevice(frame, packed)
      },
      nextMIDI: { context, limit, frame, packed in
        let stage = context.assumingMemoryBound(to: RenderState.self).pointee.ports.deviceStage
        var message = PortMessage(frame: 0, port: 0, count: 0, status: 0)
        guard stage.pointee.next(before: limit, &message) else { return false }
        frame.pointee = message.frame
        packed.pointee = message.packed
        return true
      })
  }

  /// What came in with the frames that `render` is asked for next, as a driver would bring it.
  package func takeInput(_ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, frames: Int) {
    state.pointee.takeInput(left, right, frames: frames)
  }

  /// Sees to it that the renderer has room for `count` commands that wait for the playhead. The control
  /// thread; false when the command ring is full.
  package func makeTimedRoom(for count: Int) -> Bool {
    while timedRooms < count {
      guard commands.turn.free() > 0 else { return false }
      let rooms = memory.timedRooms(EngineLimits.timedRooms)
      _ = commands.push(
        Command(id: 0, kind: .timedRooms, dueFrame: 0, address: UInt(bitPattern: rooms)))
      timedRooms += EngineLimits.timedRooms
    }
    return true
  }

  /// What the renderer takes for each command that waits for the playhead.
  package static var timedCommandBytes: Int { MemoryLayout<TimedNode>.stride }

  /// The pause that needs no ring: takes effect where the next block starts. Any thread.
  package func emergencyPause() { state.pointee.emergency.pointee.store(true, ordering: .releasing) }

  /// Renders on the calling thread, as a driver would. Between `entry`'s loans only.
  package func render(_ outputs: OutputTable, frames: Int) {
    rt_flush_denormals()
    state.pointee.render(outputs, frames: frames)
  }

  /// Renders as `render` does, to the bit, with the synths of up to `EngineLimits.aheadBlocks` grid blocks side
  /// by side. The crew may be asked several times or not at all. Only synths made with `areApart` are rendered so. Not
  /// for realtime threads.
  package func renderAhead(_ outputs: OutputTable, frames: Int, crew: AheadCrew) {
    rt_flush_denormals()
    state.pointee.renderAhead(outputs, frames: frames, crew: crew)
  }

  /// Whether `renderAhead` has met more voices than it had foreseen: what it made has to be made anew by
  /// `render`.
  package var hasExceededAhead: Bool { state.pointee.exceededAhead }

  /// The main pair alone; the other channels are rendered and forgotten. At most
  /// `EngineLimits.maximumBlockFrames`.
  package func render(
    _ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>, frames: Int
  ) {
    withOutputs(left, right, frames: frames) { render($0, frames: frames) }
  }

  /// The main pair alone, synths side by side.
  package func renderAhead(
    _ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>, frames: Int, crew: AheadCrew
  ) {
    withOutputs(left, right, frames: frames) { renderAhead($0, frames: frames, crew: crew) }
  }

  private func withOutputs(
    _ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>, frames: Int,
    _ body: (OutputTable) -> Void
  ) {
    precondition(frames <= EngineLimits.maximumBlockFrames, "a block has at most 8192 frames")
    withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<Float>.self, capacity: OutputChannel.count) {
      let outputs = $0.baseAddress.unsafelyUnwrapped
      outputs.initialize(from: unheard, count: OutputChannel.count)
      outputs[OutputChannel.mainLeft.rawValue] = left
      outputs[OutputChannel.mainRight.rawValue] = right
      body(UnsafePointer(outputs))
    }
  }
}
