import CThreading

/// Page faults of a thread since it began: what a realtime thread must not have.
package struct PageFaults: Sendable, Equatable {
  /// Without a disk, and with one.
  package let minor: Int
  package let major: Int

  /// The calling thread's.
  package static var own: PageFaults {
    var (minor, major) = (Int64(0), Int64(0))
    thr_page_faults(&minor, &major)
    return PageFaults(minor: Int(minor), major: Int(major))
  }
}
