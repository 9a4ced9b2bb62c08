import CRealtime

/// The brackets that tell RealtimeSanitizer where the realtime thread's work begins and ends; nothing in a
/// program that is not linked with its runtime.
package enum RealtimeSanitizer {
  /// Whether this program is linked with the runtime.
  package static var isPresent: Bool { rt_sanitizer_present() != 0 }

  /// From here to `leave()`, on this thread, every call that may wait or allocate is reported.
  package static func enter() { rt_sanitizer_enter() }

  package static func leave() { rt_sanitizer_leave() }
}

/// What a program must be linked with for the renderer's promise to hold.
package enum RealtimeLinkage {
  /// Whether FluidSynth mixes its effects without making threads: false would mean an allocation in every
  /// block.
  package static var effectsRunInPlace: Bool { rt_parallel_runs_in_place() != 0 }
}
