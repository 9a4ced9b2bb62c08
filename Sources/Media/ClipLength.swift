/// How long a decoded file becomes, and whether that is allowed. Pure arithmetic, in Double until a value is
/// known to be within the limit, so that no header can make it overflow.
struct ClipLength {
  let path: String
  let sampleRate: Double
  let channels: Int
  let fileRate: Double
  let limitBytes: Int

  init(path: String, channels: Int, fileRate: Int, sampleRate: Double, limitBytes: Int) {
    self.path = path
    self.sampleRate = sampleRate
    self.channels = channels
    self.fileRate = Double(fileRate)
    self.limitBytes = limitBytes
  }

  /// round(fileFrames × sampleRate / fileRate).
  func frames(from fileFrames: Int64) -> Double {
    (Double(fileFrames) * sampleRate / fileRate).rounded()
  }

  func bytes(frames: Double) -> Double { frames * Double(channels * MemoryLayout<Float>.stride) }

  func fits(_ fileFrames: Int64) -> Bool { bytes(frames: frames(from: fileFrames)) <= Double(limitBytes) }

  func checked(_ fileFrames: Int64) throws(MediaError) -> Int {
    let frames = frames(from: fileFrames)
    guard fits(fileFrames) else {
      throw MediaError(
        .tooLarge, path: path, asked: "at most \(sizeText(Double(max(limitBytes, 0)))) of decoded sound",
        found: "\(sizeText(bytes(frames: frames))) (\(Int64((frames / sampleRate).rounded())) seconds)")
    }
    guard frames >= 1 else {
      throw MediaError(
        .empty, path: path, asked: "at least one frame at \(sampleRate) Hz",
        found: "\(fileFrames) at \(fileRate) Hz")
    }
    return Int(frames)
  }
}
