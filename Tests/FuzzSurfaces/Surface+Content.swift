import ContentStore
import Tools

extension Surface {
  /// The same bytes as each of them.
  static func takeContent(_ bytes: [UInt8]) -> String {
    checkName(String(decoding: bytes.prefix(256), as: UTF8.self))
    demand(ContentMetadata.isMIMEType(ContentMetadata.mimeType(of: bytes)), "what is found out is a type")
    let list = takeArtifacts(bytes)
    do throws(StoreError) {
      let metadata = try ContentMetadata.parse(bytes, path: "blob.json")
      _ = refusal([metadata.mimeType])
      let again = try ContentMetadata.parse(metadata.bytes, path: "blob.json")
      demand(again == metadata, "what is written reads: \(metadata)")
      return "\(metadata.mimeType), \(metadata.size) bytes"
    } catch {
      let said = refusal(error.lines)
      return list.map { "\($0) artifacts" } ?? said
    }
  }

  private static func takeArtifacts(_ bytes: [UInt8]) -> Int? {
    do throws(StoreError) {
      let list = try ArtifactList(bytes, path: "artifacts.json")
      for id in ["artifact_5c735d76fe35", "artifact_a", ""] {
        guard let name = list.content(of: id) else { continue }
        demand(name.hash?.utf8.count == 32, "an artifact is content: \(name)")
        checkName(name.text)
      }
      return list.count > 0 ? list.count : nil
    } catch {
      _ = refusal(error.lines)
      return nil
    }
  }

  /// Nothing in a name leads out of a folder, and a name is called one way.
  private static func checkName(_ text: String) {
    guard let name = ContentName(text) else { return }
    demand(
      name.text.utf8.allSatisfy { (0x30...0x7A).contains($0) || $0 == UInt8(ascii: "-") }
        && !name.text.contains("/"),
      "a name is one: \(name)")
    demand(ContentName(name.text) == name, "a name is called one way: \(name)")
    guard let hash = name.hash else { return }
    let store = ContentStore(folder: "/cas", stateFolder: "/state")
    demand(
      store.objectPath(hash).hasPrefix("/cas/objects/") && store.objectPath(hash).utf8.count == 46, "\(name)")
  }
}
