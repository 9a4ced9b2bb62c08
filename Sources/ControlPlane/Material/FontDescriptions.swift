import ContentStore
import Threading
import Tools

/// What was read of soundfonts, for as long as their files stay as they were: a font of a gigabyte is read once. Any
/// thread that may look at the disk.
final class FontDescriptions: Sendable {
  private struct Known {
    var bytes: Int64
    var time: Int64
    var description: FontDescription
  }

  private let known = Locked<[String: Known]>([:])

  /// Content is looked for by its name once, as finding it means reading all of it.
  func read(_ reference: String, in store: ContentStore) throws(Refusal) -> FontDescription {
    if ContentName(reference) != nil, let found = known.withLock({ $0[reference] }),
      let description = unchanged(found)
    {
      return description
    }
    let path = try FontLibrary.resolve(reference, in: store)
    if let found = known.withLock({ $0[path] }), let description = unchanged(found) { return description }
    let stamp = try FileStamp(path: path)
    let description = try FontDescription.read(at: path)
    let new = Known(bytes: stamp.bytes, time: stamp.time, description: description)
    known.withLock { known in
      if known.count >= ControlLimits.fontDescriptions { known = [:] }
      known[path] = new
      if ContentName(reference) != nil { known[reference] = new }
    }
    return description
  }

  private func unchanged(_ known: Known) -> FontDescription? {
    // A file that has gone is looked for anew.
    guard let now = try? FileStamp(path: known.description.path) else { return nil }
    return now.bytes == known.bytes && now.time == known.time ? known.description : nil
  }
}
