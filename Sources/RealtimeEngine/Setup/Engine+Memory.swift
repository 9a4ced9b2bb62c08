extension Engine {
  /// What every block of the renderer touches, whatever plays: its state and its rings. For locking, where not all of a
  /// process may be locked.
  package var arenas: [UnsafeRawBufferPointer] {
    let commandBytes = EngineLimits.commandRing * MemoryLayout<Command>.stride
    let noticeBytes = EngineLimits.noticeRing * MemoryLayout<Notice>.stride
    return memory.ranges + [
      UnsafeRawBufferPointer(start: commands.slots, count: commandBytes),
      UnsafeRawBufferPointer(start: notices.slots, count: noticeBytes), output.memory,
    ]
  }
}
