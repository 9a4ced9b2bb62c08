import ContentStore
import HootWire
import Settings
import Tools

extension ContentStore {
  package init(_ settings: Settings) {
    self.init(
      folder: settings.casDir, stateFolder: settings.stateDir, serviceFolder: settings.serviceCasDir,
      isReadOnly: settings.isCasReadOnly)
  }

  /// A store without content.
  static let nowhere = ContentStore(folder: "/dev/null", stateFolder: "/dev/null", isReadOnly: true)

  /// Where the file is that a path or a content name means; the content's hash when it is one, and then its bytes are
  /// what the name says. A thread that may wait for a disk.
  func file(_ reference: String) throws(Refusal) -> (path: String, content: String?) {
    guard let name = ContentName(reference) else { return (reference, nil) }
    do {
      let blob = try content(name)
      return (blob.path, blob.hash)
    } catch { throw Refusal(error) }
  }
}

extension Refusal {
  init(_ error: StoreError) {
    let exit: ExitCode =
      switch error.kind {
      case .notFound, .missing, .unreadable: .fileMissing
      case .damaged, .notAFile, .tooLarge, .badMetadata, .badArtifacts: .badData
      case .ambiguous, .exists: .refused
      case .readOnly: .notAllowed
      case .diskFull, .cannotWrite: .cannotWrite
      }
    self.init(error.kind.rawValue, exit, error.lines[0], error.lines[1], error.lines[2])
  }
}
