import CSoxr

/// Changes the sample rate of one or two planar channels with soxr's very high quality recipe: linear phase,
/// no delay, 28 bits. One ordinary thread.
struct Resampler: ~Copyable {
  private let handle: soxr_t
  private let channels: Int
  private let ratio: Double

  init(from inputRate: Double, to outputRate: Double, channels: Int, path: String) throws(MediaError) {
    var failure: soxr_error_t?
    var format = soxr_io_spec(SOXR_FLOAT32_S, SOXR_FLOAT32_S)
    var quality = soxr_quality_spec(UInt(SOXR_VHQ), 0)
    var threads = soxr_runtime_spec(1)
    let made = soxr_create(
      inputRate, outputRate, UInt32(channels), &failure, &format, &quality, &threads)
    guard let made, failure == nil else {
      soxr_delete(made)
      throw MediaError(
        .badRate, path: path, asked: "\(inputRate) Hz changed to \(outputRate) Hz",
        found: failure.map { String(cString: $0) } ?? "no resampler")
    }
    self.handle = made
    self.channels = channels
    self.ratio = outputRate / inputRate
  }

  deinit { soxr_delete(handle) }

  /// Takes all of `frames` and appends what comes out to `output`, which must have room for it: soxr never
  /// gives more than the frames so far times the ratio.
  func append(
    left: UnsafePointer<Float>, right: UnsafePointer<Float>, frames: Int, to output: inout SampleMemory
  ) {
    var taken = 0
    while taken < frames, output.room > 0 {
      let (used, made) = step((left + taken, right + taken), frames: frames - taken, output: &output)
      if used == 0, made == 0 { return }
      taken += used
    }
  }

  /// Ends the input and appends what is still inside, until `output` holds `frames` frames. Silence stands in
  /// for a last frame that rounding kept back.
  func finish(_ output: inout SampleMemory, at frames: Int) {
    output.limit(to: frames)
    while output.room > 0 {
      let (_, made) = step(nil, frames: 0, output: &output)
      if made == 0 { break }
    }
    output.appendSilence(output.room)
  }

  private func step(
    _ input: (UnsafePointer<Float>, UnsafePointer<Float>)?, frames: Int, output: inout SampleMemory
  ) -> (used: Int, made: Int) {
    var used = 0
    var made = 0
    var targets: (soxr_buf_t?, soxr_buf_t?) = (
      UnsafeMutableRawPointer(output.leftEnd), UnsafeMutableRawPointer(output.rightEnd)
    )
    if let input {
      var sources: (soxr_cbuf_t?, soxr_cbuf_t?) = (UnsafeRawPointer(input.0), UnsafeRawPointer(input.1))
      _ = soxr_process(handle, &sources, frames, &used, &targets, output.room, &made)
    } else {
      _ = soxr_process(handle, nil, 0, nil, &targets, output.room, &made)
    }
    output.filled(made)
    return (used, made)
  }
}
