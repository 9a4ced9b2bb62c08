import LockFree
import Synchronization

/// The rings of all MIDI ports, and the last places before their wires.
struct PortRings {
  let deviceIn = Self.ring(EngineLimits.midiRing)
  let ordinaryIn = Self.ring(EngineLimits.midiRing)
  let heard = Self.ring(EngineLimits.midiRing)
  let deviceOut = Self.ring(EngineLimits.midiRing)
  let ordinaryOut = Self.ring(EngineLimits.midiRing)
  let devicePosts = Self.ring(EngineLimits.midiPosts)
  let ordinaryPosts = Self.ring(EngineLimits.midiPosts)

  private static func ring(_ capacity: Int) -> Ring<PortMessage> {
    Ring(capacity: capacity, filling: PortMessage(frame: 0, port: 0, count: 0, status: 0))
  }

  /// After all who use them have stopped.
  func deallocate() {
    for ring in [deviceIn, ordinaryIn, heard, deviceOut, ordinaryOut, devicePosts, ordinaryPosts] {
      ring.deallocate()
    }
  }
}

extension EngineMemory {
  func stage(
    _ ring: RingConsumer<PortMessage>, posts: RingConsumer<PortMessage>
  ) -> UnsafeMutablePointer<OutStage> {
    let ports = EngineLimits.midiPorts
    let switches = OutSwitches(closing: mask(), delays: counters(ports), sent: counters(ports))
    let stage: UnsafeMutablePointer<OutStage> = allocate(1)
    stage.initialize(
      to: OutStage(
        ring: ring, posts: posts,
        pending: filled(
          EngineLimits.midiRing + 1, with: PortMessage(frame: 0, port: 0, count: 0, status: 0)),
        held: filled(ports * 16 * 128, with: false), pedals: filled(ports * 16, with: 0),
        clocks: filled(ports, with: false), switches: switches))
    return stage
  }

  private func mask() -> UnsafeMutablePointer<Atomic<UInt32>> {
    let bits: UnsafeMutablePointer<UInt32> = filled(1, with: 0)
    let mask = UnsafeMutableRawPointer(bits).bindMemory(to: Atomic<UInt32>.self, capacity: 1)
    mask.initialize(to: Atomic(0))
    return mask
  }

  private func counters(_ count: Int) -> UnsafeMutablePointer<Atomic<Int>> {
    let numbers: UnsafeMutablePointer<Int> = filled(count, with: 0)
    let counters = UnsafeMutableRawPointer(numbers).bindMemory(to: Atomic<Int>.self, capacity: count)
    for index in 0..<count { (counters + index).initialize(to: Atomic(0)) }
    return counters
  }

  func portDesk(_ rings: PortRings, stage: UnsafeMutablePointer<OutStage>) -> PortDesk {
    let ports = EngineLimits.midiPorts
    let inputs: UnsafeMutablePointer<LiveInput> = allocate(ports)
    for port in 0..<ports { (inputs + port).initialize(to: liveInput(port)) }
    let outputs: UnsafeMutablePointer<OutPort> = allocate(ports)
    for port in 0..<ports { (outputs + port).initialize(to: OutPort(held: filled(16 * 128, with: 0))) }
    let holders: UnsafeMutablePointer<OutHolder> = allocate(EngineLimits.outPlayers + ports)
    for index in 0..<(EngineLimits.outPlayers + ports) {
      (holders + index).initialize(to: OutHolder(held: filled(16 * 128, with: 0)))
    }
    return PortDesk(
      deviceIn: rings.deviceIn.consumer, ordinaryIn: rings.ordinaryIn.consumer,
      deviceSource: rings.deviceIn.producer, heard: rings.heard.producer,
      deviceOut: rings.deviceOut.producer, ordinaryOut: rings.ordinaryOut.producer, deviceStage: stage,
      inputs: inputs, outputs: outputs, holders: holders)
  }

  /// A player without events of its own: its clip is what its channels were told.
  private func liveInput(_ number: Int) -> LiveInput {
    let states: UnsafeMutablePointer<ChannelState> = filled(16, with: ChannelState())
    let events: UnsafeMutablePointer<ClipEvent> = filled(
      1, with: ClipEvent(tick: 0, kind: .noteOff, channel: 0, data1: 0, data2: 0))
    let held: UnsafeMutablePointer<Int32> = filled(2, with: 0)
    let clip: UnsafeMutablePointer<MIDIClipMemory> = allocate(1)
    clip.initialize(
      to: MIDIClipMemory(
        events: UnsafePointer(events), count: 0, states: UnsafePointer(states), held: UnsafePointer(held),
        heldStarts: UnsafePointer(held)))
    let player = auditionPlayer()
    player.pointee.midi = ScheduledMIDI(
      clip: UnsafePointer(clip), offset: 0, passTicks: 1, passes: 1, transpose: 0, velocityScale: 1,
      channel: -1, bank: -1, program: -1, origin: 0)
    return LiveInput(number: number, player: player, states: states)
  }
}
