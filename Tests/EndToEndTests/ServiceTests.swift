import Foundation
import Glibc
import HootWire
import Testing

/// What a service manager and its journal get of the real daemon.
extension EndToEnd {
  @Suite struct ServiceTests {
    /// A service manager's socket.
    private final class Manager {
      let descriptor: Int32
      private(set) var words: [String] = []

      init(_ path: String) {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        withUnsafePointer(to: &address) {
          _ = $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
          }
        }
      }

      deinit { close(descriptor) }

      /// Takes what has come; answers how often `word` is among all of it.
      func count(_ word: String) -> Int {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
          let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
          guard count > 0 else { break }
          words += String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n").map(String.init)
        }
        return words.count { $0 == word }
      }
    }

    @Test func theManagerHearsThatItPlaysGoesOnAndStops() throws {
      try Stage.run { stage in
        let manager = Manager(stage.folder + "/notify")
        stage.set("NOTIFY_SOCKET", stage.folder + "/notify")
        stage.set("WATCHDOG_USEC", "300000")
        let daemon = try stage.daemon()
        #expect(eventually(30) { manager.count("READY=1") == 1 })
        #expect(eventually(30) { manager.count("WATCHDOG=1") >= 3 })
        #expect(manager.count("READY=1") == 1)
        #expect(daemon.quit() == 0)
        #expect(manager.count("STOPPING=1") == 1)
      }
    }

    @Test func aWatchdogOfAnotherProcessIsNotFed() throws {
      try Stage.run { stage in
        let manager = Manager(stage.folder + "/notify")
        stage.set("NOTIFY_SOCKET", stage.folder + "/notify")
        stage.set("WATCHDOG_USEC", "100000")
        stage.set("WATCHDOG_PID", "1")
        _ = try stage.daemon()
        #expect(eventually(30) { manager.count("READY=1") == 1 })
        usleep(500_000)
        #expect(manager.count("WATCHDOG=1") == 0)
      }
    }

    @Test func everyLineOfTheLogIsJSONWhereThatIsAskedFor() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon("--log-format", "json", "--log", "debug")
        let peer = try daemon.peer()
        _ = try peer.request("phrase_generate", ["no_region": true])
        _ = try peer.request("region_add", ["file": "/tmp/a \"b\" c.mid"])
        #expect(eventually(30) { daemon.said.contains("job succeeded") })
        #expect(daemon.quit() == 0)
        let lines = daemon.said.split(separator: "\n")
        #expect(lines.count > 2)
        for line in lines {
          let value = try JSONValue.parse(Array(line.utf8))
          #expect(value["level"]?.string != nil && value["time"]?.string?.hasSuffix("Z") == true, "\(line)")
        }
      }
    }
  }
}
