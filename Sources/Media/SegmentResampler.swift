import CSoxr

/// Resamples one or two channels segment by segment, as `SegmentPlan` lays out, with soxr's very high quality
/// recipe: linear phase, no delay, 28 bits. One ordinary thread.
final class SegmentResampler {
  private let plan: SegmentPlan
  private let path: String
  private let channels: Int
  private let rates: (from: Double, to: Double)
  /// A segment's stretch of input: run-up, segment, run-out.
  private let window: (left: UnsafeMutablePointer<Float>, right: UnsafeMutablePointer<Float>)
  private let result: (left: UnsafeMutablePointer<Float>, right: UnsafeMutablePointer<Float>)
  private let windowFrames: Int
  private let resultFrames: Int
  /// Which segment `window` belongs to, and how many frames of its end the file did not have.
  private var loaded: Int64 = -1
  private var lacking = 0

  init(_ plan: SegmentPlan, from inputRate: Int, to outputRate: Double, channels: Int, path: String) {
    self.plan = plan
    self.path = path
    self.channels = channels
    rates = (Double(inputRate), outputRate)
    windowFrames = plan.runUp + plan.input + plan.runOut
    resultFrames = plan.skipped + plan.output
    func memory(_ frames: Int) -> (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) {
      let left = UnsafeMutablePointer<Float>.allocate(capacity: channels * frames)
      left.initialize(repeating: 0, count: channels * frames)
      return (left, channels == 2 ? left + frames : left)
    }
    window = memory(windowFrames)
    result = memory(resultFrames)
  }

  deinit {
    window.left.deallocate()
    result.left.deallocate()
  }

  var left: UnsafePointer<Float> { UnsafePointer(result.left + plan.skipped) }
  var right: UnsafePointer<Float> { UnsafePointer(result.right + plan.skipped) }
  var bytes: Int { channels * (windowFrames + resultFrames) * MemoryLayout<Float>.stride }

  /// Makes a segment's `plan.output` frames, to be found at `left` and `right`; answers how many of them the
  /// file has sound for. Beyond the file's end is silence.
  func make(_ segment: Int64, from cursor: inout FrameCursor) throws(MediaError) -> Int {
    let missing = try fill(segment, from: &cursor)
    try run()
    guard missing > plan.runOut else { return plan.output }
    let present = Double(max(0, plan.input + plan.runOut - missing))
    return min(plan.output, Int((present * rates.to / rates.from).rounded()))
  }

  /// Loads the window and answers how many frames of its end the file does not have. What the segment before
  /// had loaded is moved, because not every decoder can go back.
  private func fill(_ segment: Int64, from cursor: inout FrameCursor) throws(MediaError) -> Int {
    let start = segment * Int64(plan.input) - Int64(plan.runUp)
    var have = 0
    var lackingBefore = 0
    if segment == loaded + 1, loaded >= 0 {
      have = windowFrames - plan.input
      lackingBefore = min(lacking, have)
      window.left.update(from: window.left + plan.input, count: have)
      if channels == 2 { window.right.update(from: window.right + plan.input, count: have) }
    } else if start < 0 {
      have = Int(-start)
      window.left.update(repeating: 0, count: have)
      if channels == 2 { window.right.update(repeating: 0, count: have) }
    }
    loaded = -1
    let wanted = windowFrames - have
    var got = 0
    if lackingBefore == 0 {
      got = try cursor.read(
        at: start + Int64(have), count: wanted, left: window.left + have, right: window.right + have)
    }
    (window.left + have + got).update(repeating: 0, count: wanted - got)
    if channels == 2 { (window.right + have + got).update(repeating: 0, count: wanted - got) }
    loaded = segment
    lacking = lackingBefore + wanted - got
    return lacking
  }

  private func run() throws(MediaError) {
    let handle = try soxr()
    defer { soxr_delete(handle) }
    var taken = 0
    var made = 0
    while made < resultFrames {
      var (used, came) = (0, 0)
      var targets: (soxr_buf_t?, soxr_buf_t?) = (
        UnsafeMutableRawPointer(result.left + made), UnsafeMutableRawPointer(result.right + made)
      )
      if taken < windowFrames {
        var sources: (soxr_cbuf_t?, soxr_cbuf_t?) = (
          UnsafeRawPointer(window.left + taken), UnsafeRawPointer(window.right + taken)
        )
        _ = soxr_process(
          handle, &sources, windowFrames - taken, &used, &targets, resultFrames - made, &came)
      } else {
        _ = soxr_process(handle, nil, 0, nil, &targets, resultFrames - made, &came)
      }
      taken += used
      made += came
      if used == 0, came == 0 { break }
    }
    (result.left + made).update(repeating: 0, count: resultFrames - made)
    if channels == 2 { (result.right + made).update(repeating: 0, count: resultFrames - made) }
  }

  private func soxr() throws(MediaError) -> soxr_t {
    var failure: soxr_error_t?
    var format = soxr_io_spec(SOXR_FLOAT32_S, SOXR_FLOAT32_S)
    var quality = soxr_quality_spec(UInt(SOXR_VHQ), 0)
    var threads = soxr_runtime_spec(1)
    let made = soxr_create(rates.from, rates.to, UInt32(channels), &failure, &format, &quality, &threads)
    guard let made, failure == nil else {
      soxr_delete(made)
      throw MediaError(
        .badRate, path: path, asked: "\(rates.from) Hz changed to \(rates.to) Hz",
        found: failure.map { String(cString: $0) } ?? "no resampler")
    }
    return made
  }
}
