/// Reads a file's frames, at its own rate, from any place: by seeking where that is exact, else by decoding to
/// the place, from the start again when it lies behind. So a frame is the same however it was come to. One
/// thread at a time.
struct FrameCursor: ~Copyable {
  private var decoder: AudioDecoder
  private let reopen: () throws(MediaError) -> AudioDecoder
  /// The frames in the decoder's block: `blockFrames` from here on.
  private var blockStart: Int64 = 0
  private var blockFrames = 0

  init(reopen: @escaping () throws(MediaError) -> AudioDecoder) throws(MediaError) {
    self.reopen = reopen
    decoder = try reopen()
  }

  var info: AudioFileInfo { decoder.info }
  var channels: Int { decoder.channels }
  var statedFrames: Int64? { decoder.statedFrames }
  var replacedSamples: Int64 { decoder.replacedSamples }
  /// Frames of the file known to be there.
  var decodedFrames: Int64 { decoder.framesRead }
  var decodedInfo: AudioFileInfo { decoder.decodedInfo }
  func requireSound() throws(MediaError) { try decoder.requireSound() }

  /// Copies the file's frames from `frame` on; answers how many there were. Fewer than `count` only at the end
  /// of what can be decoded.
  mutating func read(
    at frame: Int64, count: Int, left: UnsafeMutablePointer<Float>, right: UnsafeMutablePointer<Float>
  ) throws(MediaError) -> Int {
    guard frame >= 0 else { return 0 }
    var done = 0
    while done < count {
      let wanted = frame + Int64(done)
      guard try load(wanted) else { break }
      let skipped = Int(wanted - blockStart)
      let part = min(count - done, blockFrames - skipped)
      (left + done).update(from: decoder.left + skipped, count: part)
      if decoder.channels == 2 { (right + done).update(from: decoder.right + skipped, count: part) }
      done += part
    }
    return done
  }

  /// Gets the block that holds a frame; false when the file has no such frame.
  private mutating func load(_ frame: Int64) throws(MediaError) -> Bool {
    while !(blockStart..<(blockStart + Int64(blockFrames))).contains(frame) {
      if frame < blockStart || frame > decoder.framesRead, !goes(to: frame), frame < blockStart {
        decoder = try reopen()
        blockFrames = 0
      }
      blockStart = decoder.framesRead
      blockFrames = decoder.readBlock()
      if blockFrames == 0 { return false }
    }
    return true
  }

  private mutating func goes(to frame: Int64) -> Bool {
    guard decoder.seek(to: frame) else { return false }
    blockFrames = 0
    blockStart = frame
    return true
  }
}
