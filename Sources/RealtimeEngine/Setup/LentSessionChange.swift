/// A session change in memory of its own, for as long as the renderer may read it. One ordinary thread at a time.
package final class LentSessionChange {
  private let memory = EngineMemory()
  private let change: UnsafeMutablePointer<SessionChange>
  private let mix: CompiledMix?

  /// - Parameter mix: the plan that the change names.
  package init(_ value: SessionChange, mix: CompiledMix? = nil) {
    self.mix = mix
    change = memory.allocate(1)
    change.initialize(to: value)
  }

  /// What `Command.Kind.enter` carries.
  package var address: UInt { UInt(bitPattern: change) }

  deinit { memory.deallocate() }
}
