import ControlPlane
import ControlSocket
import LockFree
import Settings
import Threading
import Tools
import WebServer

/// The daemon's door for HTTP. Whatever is wrong with it is a warning: the music plays without it.
struct HTTPDoor {
  private struct Opened {
    let server: WebServer
    /// That of requests, and that of agents.
    let desks: [SocketDesk]
  }

  private let opened = Locked<Opened?>(nil)
  private let opener: OwnedThread?

  /// Opens by itself: the control thread, which calls this, waits for no file. It is called after the control sockets
  /// answer, since what HTTP is asked is asked there.
  init(_ settings: Settings, _ played: (history: FrameHistory, sampleRate: Int)) {
    let opened = opened
    let sound = PlayedSound(history: played.history, sampleRate: played.sampleRate)
    do {
      opener = try OwnedThread(name: "web-opener") {
        let door = HTTPDoor.open(settings, sound)
        opened.withLock { $0 = door }
      }
    } catch {
      HTTPDoor.warn(error.lines)
      opener = nil
    }
  }

  /// Before the conductor ends: those who wait get a reply.
  func stop() {
    opener?.join()
    let opened = opened.withLock { $0 }
    opened?.server.stop()
    for desk in opened?.desks ?? [] { desk.stop() }
  }

  private static func open(_ settings: Settings, _ sound: PlayedSound) -> Opened? {
    do {
      let token = try AccessToken.keep(at: settings.tokenFile, fresh: WebServer.randomWord)
      let desks = try ["http", "mcp"].map { try SocketDesk(directory: settings.socketDir, name: $0) }
      do {
        let server = try WebServer(
          plan(settings, token), desk: desks[0], door: AgentDoor(desks[1]),
          events: { desks[0].listen($0) }, sound: sound)
        for place in server.places { Log.info("serves HTTP at \(place)") }
        for refusal in server.refusals { warn(refusal.lines) }
        return Opened(server: server, desks: desks)
      } catch {
        for desk in desks { desk.stop() }
        throw error
      }
    } catch let error as ToolError {
      warn(error.lines)
    } catch let error as WebError {
      warn(error.lines)
    } catch {
      warn(["no HTTP", "\(error)"])
    }
    return nil
  }

  private static func plan(_ settings: Settings, _ token: String) -> WebServer.Plan {
    WebServer.Plan(
      address: settings.httpAddress, port: settings.httpPort, servesTCP: settings.servesHTTP,
      socketPath: settings.socketDir + "/chaosgarden-http", names: settings.httpNames, token: token,
      uploadFolder: settings.uploadFolder)
  }

  private static func warn(_ lines: [String]) {
    Log.warning(lines.prefix(2).joined(separator: ": "))
  }
}
