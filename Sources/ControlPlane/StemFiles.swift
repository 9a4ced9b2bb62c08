import Glibc
import Media
import RealtimeEngine

/// One file a track, all of one length: what each track adds to the mix, behind its fader and before the master.
/// One thread.
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
  private let silence = [Float](repeating: 0, count: EngineLimits.gridFrames)

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
      guard let tap = engine.tap(track: stems[index].slot) else {
        try writeSilence(stems[index].file, frames)
        continue
      }
      var peak = stems[index].peak
      for frame in 0..<frames { peak = max(peak, abs(tap.left[frame]), abs(tap.right[frame])) }
      stems[index].peak = peak
      try stems[index].file.write(left: tap.left, right: tap.right, frames: frames)
    }
  }

  private func writeSilence(_ file: RenderFile, _ frames: Int) throws(MediaError) {
    var failure: MediaError?
    silence.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      do throws(MediaError) { try file.write(left: base, right: base, frames: frames) } catch {
        failure = error
      }
    }
    if let failure { throw failure }
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
    stems = []
    removeFolder()
  }
}
