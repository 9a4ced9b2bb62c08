/// How a file is resampled: in segments of fixed places and lengths, each from its own stretch of input with a
/// run-up and a run-out, and none knowing of the others.
///
/// So a frame depends on the file and the two rates alone, not on where the reading began: what streams from
/// the middle is what was resampled whole, bit for bit. Segments begin where a frame of the file and a frame
/// of the result fall together.
struct SegmentPlan: Equatable {
  /// Frames of the file in a segment, before it, and after it.
  let input: Int
  let runUp: Int
  let runOut: Int
  /// Frames of the result in a segment, and in the run-up.
  let output: Int
  let skipped: Int

  /// The filter's half length is some 300 frames at the lower rate; beyond it nothing is heard of.
  private static let reach = 1024.0

  /// Nil when the rates are not whole numbers: then nothing falls together.
  init?(from inputRate: Int, to outputRate: Double) {
    guard inputRate > 0, outputRate >= 1, outputRate <= Double(MediaLimits.maximumRate),
      outputRate == outputRate.rounded()
    else { return nil }
    let common = Self.commonDivisor(inputRate, Int(outputRate))
    let inputUnit = inputRate / common
    let outputUnit = Int(outputRate) / common
    let usual = MediaLimits.segmentFrames
    let units = max(1, usual / max(inputUnit, outputUnit))
    let reach = Self.reach * max(1, Double(inputRate) / outputRate)
    let runUnits = (Int(reach) + inputUnit - 1) / inputUnit
    input = units * inputUnit
    output = units * outputUnit
    runUp = runUnits * inputUnit
    skipped = runUnits * outputUnit
    runOut = Int(reach)
  }

  private static func commonDivisor(_ first: Int, _ second: Int) -> Int {
    var (low, high) = (first, second)
    while low != 0 { (low, high) = (high % low, low) }
    return high
  }
}
