import LockFree

/// The ends of the MIDI rings that ordinary threads hold. The engine must outlive whoever uses them.
package struct MIDICrossing: Sendable {
  /// What comes in through ports that an ordinary thread serves; pushed by that thread.
  package let source: RingProducer<PortMessage>
  /// What came in through all ports, as it was heard; read by the control thread.
  package let heard: RingConsumer<PortMessage>
  /// What the control thread sends at once: through the device's own ports, and through the others.
  package let devicePosts: RingProducer<PortMessage>
  package let ordinaryPosts: RingProducer<PortMessage>
  /// What the ordinary thread sends.
  package let stage: OutStagePointer
  package let deviceSwitches: OutSwitches
  package let ordinarySwitches: OutSwitches

  init(_ rings: PortRings, _ memory: EngineMemory, device: UnsafeMutablePointer<OutStage>) {
    source = rings.ordinaryIn.producer
    heard = rings.heard.consumer
    devicePosts = rings.devicePosts.producer
    ordinaryPosts = rings.ordinaryPosts.producer
    let ordinary = memory.stage(rings.ordinaryOut.consumer, posts: rings.ordinaryPosts.consumer)
    stage = OutStagePointer(pointer: ordinary)
    deviceSwitches = device.pointee.switches
    ordinarySwitches = ordinary.pointee.switches
  }
}

/// A stage in the engine's memory.
package struct OutStagePointer: @unchecked Sendable {
  // Unchecked: one thread at a time sends.
  let pointer: UnsafeMutablePointer<OutStage>

  /// The next message that is due before a frame, or nil. The thread that sends.
  package func next(before frame: Int64) -> PortMessage? {
    var message = PortMessage(frame: 0, port: 0, count: 0, status: 0)
    return pointer.pointee.next(before: frame, &message) ? message : nil
  }
}

extension OutSwitches {
  /// Asks for the port's notes to be let go, and what waits for it to be dropped. Any thread.
  package func close(_ port: Int) {
    _ = closing.pointee.bitwiseOr(1 << UInt32(port), ordering: .acquiringAndReleasing)
  }

  /// Whether that has been done. Any thread.
  package func isClosed(_ port: Int) -> Bool {
    closing.pointee.load(ordering: .acquiring) & (1 << UInt32(port)) == 0
  }

  package func setDelay(_ frames: Int, of port: Int) {
    (delays + port).pointee.store(frames, ordering: .relaxed)
  }
  package func delay(of port: Int) -> Int { (delays + port).pointee.load(ordering: .relaxed) }
  package func sent(of port: Int) -> Int { (sent + port).pointee.load(ordering: .relaxed) }
}
