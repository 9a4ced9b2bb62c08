import ControlSocket
import Foundation
import HootWire
import Testing

@Suite struct SocketDirectoryTests {
  @Test func sixSocketsStandUnderTheDirectory() throws {
    let directory = try SocketDirectory(path: "/run/x/")
    #expect(
      SocketName.allCases.map(directory.path(of:)) == [
        "/run/x/chaosgarden-control", "/run/x/chaosgarden-shell", "/run/x/chaosgarden-iopub",
        "/run/x/chaosgarden-hb", "/run/x/chaosgarden-events", "/run/x/chaosgarden-pub",
      ])
  }

  @Test func aRelativePathIsTakenFromHere() throws {
    let here = FileManager.default.currentDirectoryPath
    #expect(try SocketDirectory(path: "@sockets").path == here + "/@sockets")
  }

  @Test func theLongestPathFitsASocketAndOneMoreByteIsRefused() throws {
    // A socket's path holds 107 bytes; "/chaosgarden-control" takes 20 of them.
    #expect(SocketDirectory.pathBytes == 87)
    let folder = TemporaryFolder()
    let longest = folder.path + "/" + String(repeating: "d", count: 87 - folder.path.utf8.count - 1)
    let server = try ControlServer(directory: SocketDirectory(path: longest))
    #expect(FileManager.default.fileExists(atPath: longest + "/chaosgarden-control"))
    server.close()
    let error = #expect(throws: SocketError.self) { try SocketDirectory(path: longest + "d") }
    #expect(error?.kind == .pathTooLong(bytes: 88, limit: 87))
    #expect(error?.lines[1].contains("88 bytes; at most 87") == true)
  }

  @Test(arguments: ["", "/tmp/a\0b"]) func aPathThatIsNoneIsRefused(_ path: String) {
    let error = #expect(throws: SocketError.self) { try SocketDirectory(path: path) }
    guard case .badPath? = error?.kind else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func aMissingDirectoryIsMadeForItsOwnerAlone() throws {
    let folder = TemporaryFolder()
    let server = try ControlServer(directory: SocketDirectory(path: folder.path + "/a/b"))
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/a/b")
    #expect(attributes[.posixPermissions] as? Int == 0o700)
    let socket = try FileManager.default.attributesOfItem(atPath: folder.path + "/a/b/chaosgarden-shell")
    #expect(socket[.posixPermissions] as? Int == 0o600)
    server.close()
  }

  @Test(arguments: [0o777, 0o770, 0o702, 0o1777]) func aDirectoryThatOthersMayWriteToIsRefused(_ mode: Int)
    throws
  {
    let folder = TemporaryFolder()
    chmod(folder.path, mode_t(mode))
    let error = #expect(throws: SocketError.self) { try ControlServer(directory: folder.directory) }
    let octal = String(mode & 0o777, radix: 8)
    #expect(error?.kind == .unsafeDirectory("has mode \(octal); group and others must not write there"))
    #expect(try folder.names == [])
  }

  @Test(.enabled(if: geteuid() == 0, "only root can give a folder away"))
  func somebodyElsesDirectoryIsRefused() throws {
    let folder = TemporaryFolder()
    chown(folder.path, 1234, 1234)
    let error = #expect(throws: SocketError.self) { try ControlServer(directory: folder.directory) }
    #expect(error?.kind == .unsafeDirectory("belongs to user 1234, not to 0"))
  }

  @Test func aFileInPlaceOfTheDirectoryIsRefused() throws {
    let folder = TemporaryFolder()
    #expect(FileManager.default.createFile(atPath: folder.path + "/f", contents: Data([1])))
    for path in [folder.path + "/f", folder.path + "/f/below"] {
      let error = #expect(throws: SocketError.self) {
        try ControlServer(directory: SocketDirectory(path: path))
      }
      #expect(error?.kind == .notADirectory)
    }
  }

  @Test func aFileInPlaceOfASocketIsNotRemoved() throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/chaosgarden-hb"
    #expect(FileManager.default.createFile(atPath: path, contents: Data("mine".utf8)))
    let error = #expect(throws: SocketError.self) { try ControlServer(directory: folder.directory) }
    #expect(error?.kind == .badPath("contains chaosgarden-hb, which is not a socket"))
    #expect(FileManager.default.contents(atPath: path) == Data("mine".utf8))
  }

  @Test func everyRefusalHasThreePlainLines() throws {
    let folder = TemporaryFolder()
    let hostile = folder.path + "/a\nError: b"
    let error = #expect(throws: SocketError.self) { try ControlClient(directory: hostile) }
    #expect(error?.lines.count == 3)
    #expect(error?.lines.allSatisfy { !$0.isEmpty && !$0.contains("\n") } == true)
    #expect(error?.lines.first == "the daemon is not running")
    #expect(error?.lines.last == "garden up")
  }
}
