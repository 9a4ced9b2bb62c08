import Glibc
import Media

/// All files of one render: they come into being together or not at all.
final class RenderFiles {
  let mix: RenderFile?
  let stems: StemFiles?

  /// Opens everything under temporary names; refused before anything is rendered.
  init(_ target: RenderTarget, tracks: [(name: String, slot: Int)], sampleRate: Double) throws(Refusal) {
    guard target.mix != nil || target.stems != nil else {
      throw Refusal(
        "missing", .usage, "there is nowhere to render to", "neither -o FILE nor --stems DIR was given",
        "garden render -o mix.wav song.mid")
    }
    if let folder = target.stems {
      stems = try StemFiles(tracks: tracks, target: target, folder: folder, sampleRate: sampleRate)
    } else {
      stems = nil
    }
    guard let path = target.mix else {
      mix = nil
      return
    }
    let format = try target.formatOfMix(path)
    do {
      mix = try RenderFile(path: path, sampleRate: sampleRate, format: format, dither: target.dithers)
    } catch { throw Refusal(writing: error) }
  }

  /// For a pass that is only measured.
  init() {
    mix = nil
    stems = nil
  }

  /// First everything onto the disk, where it may still turn out to be full; then the names. Should a name be refused,
  /// those given before are taken away again.
  func commit() throws(MediaError) {
    var finished: [FinishedFile] = []
    if let mix, let file = try mix.finish() { finished.append(file) }
    finished += try stems?.finish() ?? []
    var named: [String] = []
    for file in finished {
      let isNew = access(file.path, F_OK) != 0
      do { try file.commit() } catch {
        for path in named { unlink(path) }
        throw error
      }
      if isNew { named.append(file.path) }
    }
  }
}
