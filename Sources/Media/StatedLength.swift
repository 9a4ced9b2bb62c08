/// The length a WAV or AIFF header states. libsndfile cuts the number down to what the file holds, without a
/// word; a listener should hear that the rest is missing, so the statement is read from the chunks
/// themselves. Formats: RIFF WAVE (Microsoft, 1991; RF64 as in EBU Tech 3306) and AIFF 1.3 (Apple, 1989).
struct StatedLength {
  private var bigEndian = false
  private var bytesPerFrame: Int64 = 0
  private var framesInHeader: Int64?
  private var dataBytes64: Int64?

  /// Frames stated by the header of `file` when its last sample would lie beyond its end; nil when all is
  /// there or the format makes no such statement. `frames` is what libsndfile found.
  static func beyondEnd(of file: RegularFile, frames: Int64) -> Int64? {
    let start = file.bytes(at: 0, count: 12)
    guard start.count == 12 else { return nil }
    let container = String(decoding: start[0..<4], as: UTF8.self)
    let kind = String(decoding: start[8..<12], as: UTF8.self)
    var length = StatedLength()
    switch (container, kind) {
    case ("RIFF", "WAVE"), ("RF64", "WAVE"), ("BW64", "WAVE"): break
    case ("RIFX", "WAVE"), ("FORM", "AIFF"), ("FORM", "AIFC"): length.bigEndian = true
    default: return nil
    }
    return length.walk(file, frames: frames)
  }

  private mutating func walk(_ file: RegularFile, frames: Int64) -> Int64? {
    var position: Int64 = 12
    for _ in 0..<MediaLimits.maximumChunks {
      let head = file.bytes(at: position, count: 8)
      guard head.count == 8 else { return nil }
      let size = Int64(number(head[4..<8]))
      let body = position + 8
      switch String(decoding: head[0..<4], as: UTF8.self) {
      case "fmt ": bytesPerFrame = Int64(number(file.bytes(at: body + 12, count: 2)[...]))
      case "ds64": dataBytes64 = Int64(clamping: number(file.bytes(at: body + 8, count: 8)[...]))
      case "COMM": framesInHeader = Int64(number(file.bytes(at: body + 2, count: 4)[...]))
      case "data", "SSND": return stated(bytes: size, from: body, fileSize: file.size, frames: frames)
      default: break
      }
      // Chunks start at even offsets.
      position = body + size + (size & 1)
      if position >= file.size { return nil }
    }
    return nil
  }

  private func stated(bytes: Int64, from start: Int64, fileSize: Int64, frames: Int64) -> Int64? {
    var claimed = bytes
    if bytes == 0xFFFF_FFFF {
      // A writer that could not know the length, unless a ds64 chunk gives the true one.
      guard let dataBytes64 else { return nil }
      claimed = dataBytes64
    }
    let present = fileSize - start
    guard present >= 0, claimed > present else { return nil }
    if let framesInHeader { return framesInHeader > frames ? framesInHeader : nil }
    if bytesPerFrame > 0, present / bytesPerFrame == frames { return claimed / bytesPerFrame }
    guard present > 0 else { return nil }
    // Compressed samples: in proportion.
    let scaled = (Double(frames) * Double(claimed) / Double(present)).rounded()
    return scaled < 1e15 ? Int64(scaled) : nil
  }

  private func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    var value: UInt64 = 0
    if bigEndian {
      for byte in bytes { value = value << 8 | UInt64(byte) }
    } else {
      for byte in bytes.reversed() { value = value << 8 | UInt64(byte) }
    }
    return value
  }
}
