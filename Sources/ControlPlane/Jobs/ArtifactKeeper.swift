import ContentStore
import FoundationEssentials
import Glibc
import JobDispatch
import Jobs
import Ledger
import Tools

/// Stores what hosts made, on the storekeeper's thread: looked at, written under a temporary name, synced, renamed to its
/// hash.
struct ArtifactKeeper: ArtifactShelf {
  let store: ContentStore
  let storekeeper: Loader
  /// Bytes of one artifact; a larger one fails its job.
  let limit: Int64

  func store(
    _ artifacts: [HostArtifact], of job: JobRecord,
    _ answer: @escaping @Sendable (Result<[ArtifactRow], HostFailure>) -> Void
  ) {
    let (store, limit) = (store, limit)
    let isTaken = storekeeper.run {
      answer(
        Result { () throws(HostFailure) in
          defer { artifacts.forEach(Self.discard) }
          var rows: [ArtifactRow] = []
          for artifact in artifacts {
            try Self.check(size: artifact, of: job, limit: limit)
            rows.append(try Self.keep(artifact, of: job, in: store))
          }
          return rows
        })
    }
    guard !isTaken else { return }
    artifacts.forEach(Self.discard)
    answer(
      .failure(
        HostFailure(
          .retryable, "The result of the job \(job.id) was not kept.",
          why: "Too much waits to be stored.", next: "It is tried again.")))
  }

  private static func keep(
    _ artifact: HostArtifact, of job: JobRecord, in store: ContentStore
  ) throws(HostFailure) -> ArtifactRow {
    do {
      switch artifact.content {
      case .bytes(let bytes):
        try check(ContentMetadata.mimeType(of: Array(bytes.prefix(16))), artifact, job)
        let stored = try store.put(bytes, mimeType: said(artifact))
        return row(stored.hash, stored.mimeType, stored.bytes, artifact, job)
      case .file(let path):
        let stored = try store.put(file: path)
        try check(stored.mimeType, artifact, job)
        return row(stored.hash, stored.mimeType, stored.bytes, artifact, job)
      case .original(let path):
        let stored = try store.put(file: path, mimeType: said(artifact))
        return row(stored.hash, stored.mimeType, stored.bytes, artifact, job)
      case .stored(let hash):
        guard let name = ContentName(hash) else { throw refusal(artifact, job, "a name that is none") }
        let blob = try store.content(name)
        let type = try store.inspect(name).entry.metadata?.mimeType ?? artifact.type
        return row(blob.hash, type, blob.bytes, artifact, job)
      }
    } catch let error as StoreError {
      // A disk that is full may have room again; a host is not asked once more for what lies in no store.
      let isPassing = [.diskFull, .cannotWrite, .readOnly].contains(error.kind)
      throw HostFailure(
        isPassing ? .retryable : .permanent,
        "The result of the job \(job.id) was not kept: \(error.lines[0]).",
        why: error.lines[1], next: error.lines[2])
    } catch let error as HostFailure {
      throw error
    } catch {
      throw refusal(artifact, job, "\(error)")
    }
  }

  /// The type that is written down, where what was said is no more than that it is sound of some kind.
  private static func said(_ artifact: HostArtifact) -> String? {
    let isLookedAt = artifact.type.hasPrefix("audio/") || artifact.type == ContentMetadata.unknownType
    return isLookedAt || !ContentMetadata.isMIMEType(artifact.type) ? nil : artifact.type
  }

  private static func row(
    _ hash: String, _ type: String, _ bytes: Int64, _ artifact: HostArtifact, _ job: JobRecord
  ) -> ArtifactRow {
    ArtifactRow(hash: hash, type: type, bytes: bytes, label: artifact.label, job: job.id, at: 0)
  }

  private static func check(
    size artifact: HostArtifact, of job: JobRecord, limit: Int64
  ) throws(HostFailure) {
    let bytes: Int64
    switch artifact.content {
    case .bytes(let content): bytes = Int64(content.count)
    case .file(let path), .original(let path):
      var info = stat()
      bytes = stat(path, &info) == 0 ? Int64(info.st_size) : 0
    // What lies in the store is not made larger by being named.
    case .stored: return
    }
    guard bytes > limit else { return }
    throw HostFailure(
      .permanent, "What \(job.host ?? "the host") made for the job \(job.id) was not taken.",
      why: "It has \(bytes) bytes; \(limit) are allowed (jobs.artifact_megabytes).",
      next: "Ask for less, or start the daemon with a larger --artifact-size.")
  }

  /// Refused where the bytes begin like something else than what the host says they are.
  private static func check(_ found: String, _ artifact: HostArtifact, _ job: JobRecord) throws(HostFailure) {
    let isMIDI = artifact.type == "audio/midi" || artifact.type == "audio/x-midi"
    let isSound = artifact.type.hasPrefix("audio/")
    guard isSound else { return }
    guard found.hasPrefix("audio/"), (found == "audio/midi") == isMIDI else {
      throw refusal(artifact, job, "something that looks like \(found)")
    }
  }

  private static func refusal(_ artifact: HostArtifact, _ job: JobRecord, _ seen: String) -> HostFailure {
    HostFailure(
      .permanent, "What \(job.host ?? "the host") made for the job \(job.id) was not taken.",
      why: "It says \(artifact.type) and sent \(seen).",
      next: "See what it answers: garden job logs \(job.id)")
  }

  private static func discard(_ artifact: HostArtifact) {
    // One that is gone already is as good as removed.
    if case .file(let path) = artifact.content { _ = unlink(path) }
  }
}
