import Glibc
import Media
import RealtimeEngine

/// One file for each track and bus that feeds the main bus, all of one length: what each adds to the mix, behind its
/// fader and the master's. Their sum is the mix before the limiter: a track that feeds a bus alone is in that bus's
/// file. One thread.
final class StemFiles {
  /// What one of them came to.
  struct Stem {
    let track: String
    let slot: Int
    let file: RenderFile
    var peak: Float = 0
  }

  private(set) var stems: [Stem] = []
  private let folder: String
  /// Whether the folder is there for this render alone.
  private var madeFolder = false
  private let left = UnsafeMutablePointer<Float>.allocate(capacity: EngineLimits.gridFrames)
  private let right = UnsafeMutablePointer<Float>.allocate(capacity: EngineLimits.gridFrames)

  /// In the place of a slot: the metronome, which has none.
  static let click = -1

  /// Opens all files under temporary names, or none.
  init(
    tracks: [(name: String, slot: Int)], target: RenderTarget, folder: String, sampleRate: Double
  ) throws(Refusal) {
    self.folder = folder
    let container = target.container ?? .wav
    let format = try target.format(container)
    guard !tracks.isEmpty else {
      throw Refusal(
        "empty", .refused, "there are no stems to write", "the session has no track", "garden track ls")
    }
    let names = FileName.distinct(tracks.map(\.name)).map { "\(folder)/\($0).\(container.rawValue)" }
    if !target.overwrites { try Self.requireFree(names) }
    try makeFolder()
    do {
      for (track, path) in zip(tracks, names) {
        let file = try RenderFile(
          path: path, sampleRate: sampleRate, format: format, dither: target.dithers)
        stems.append(Stem(track: track.name, slot: track.slot, file: file))
      }
    } catch {
      stems = []
      removeFolder()
      throw Refusal(writing: error)
    }
  }

  private static func requireFree(_ paths: [String]) throws(Refusal) {
    let taken = paths.filter { access($0, F_OK) == 0 }
    guard let first = taken.first else { return }
    throw Refusal(
      "exists", .refused, "the stems were not written: \(first) is there already",
      "\(taken.count) of \(paths.count) files would be overwritten", "another folder, or --force")
  }

  private func makeFolder() throws(Refusal) {
    if mkdir(folder, 0o777) == 0 {
      madeFolder = true
      return
    }
    let code = errno
    var status = stat()
    if code == EEXIST, stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
    throw Refusal(
      "cannot_write", .cannotWrite, "the folder \(folder) cannot be made", String(cString: strerror(code)),
      "mkdir -p \(folder)")
  }

  /// The next `frames` of every track: at most a grid block, the one that `engine` has just rendered.
  func take(from engine: Engine, frames: Int) throws(MediaError) {
    for index in stems.indices {
      let isClick = stems[index].slot == Self.click
      let isHeard =
        isClick ? engine.tapClick(left) : engine.tap(track: stems[index].slot, left: left, right: right)
      if !isHeard { left.update(repeating: 0, count: frames) }
      // The click and silence are alike on both sides.
      let other = isHeard && !isClick ? right : left
      var peak = stems[index].peak
      for frame in 0..<frames { peak = max(peak, abs(left[frame]), abs(other[frame])) }
      stems[index].peak = peak
      try stems[index].file.write(left: left, right: other, frames: frames)
    }
  }

  /// Puts all of them on the disk, without their names yet.
  func finish() throws(MediaError) -> [FinishedFile] {
    var finished: [FinishedFile] = []
    for stem in stems {
      guard let file = try stem.file.finish() else { continue }
      finished.append(file)
    }
    madeFolder = false
    return finished
  }

  private func removeFolder() {
    guard madeFolder else { return }
    // Refused when somebody has put something there in the meantime: then it stays.
    rmdir(folder)
    madeFolder = false
  }

  deinit {
    left.deallocate()
    right.deallocate()
    stems = []
    removeFolder()
  }
}
