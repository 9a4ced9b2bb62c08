import ControlSocket
import FoundationEssentials
import Glibc
import HootCapnProto
import HootWire
import Threading

/// A host that speaks HOOT01 as its script says, over real sockets in a folder of its own: a service with slots and service
/// times that is busy beyond them, or hootenanny with its jobs and broadcasts. One thread.
package final class ScriptedHootHost: Sendable {
  /// What it does with a request, one after the other.
  package enum Step: Sendable {
    case wait(seconds: Double)
    /// A payload of the wire: `["tool_response": …]` or `["error": …]`.
    case reply(JSONValue)
    /// These bytes as the body of a reply.
    case body([UInt8], contentType: HootFrame.ContentType = .capnProto)
    /// These frames, as they are.
    case frames([[UInt8]])
    /// The same request's reply, but to a request that nobody made.
    case stray(JSONValue)
    /// hootenanny begins a job, which stays as it is until told otherwise.
    case begin(job: String)
    /// Its job is in another state: `complete` with a tool's response, `failed`, `running`…
    case job(String, state: String, result: JSONValue?, error: String = "", isPublished: Bool = true)
    /// hootenanny forgets the job.
    case forget(job: String)
    /// Published to everybody.
    case publish(JSONValue)
    /// Its sockets close, without a word.
    case crash
    /// It never answers.
    case hang
  }

  package struct Request: Sendable {
    package var identity: [UInt8]
    package var id: UUID
    package var service: String
    package var traceparent: String
    package var tool: String
    package var fields: JSONValue
  }

  package struct Behaviour: Sendable {
    /// Requests at work at a time; others are told that it is busy.
    package var slots = 1
    package var answersHeartbeats = true
    /// hootenanny's own tools are answered from the jobs that the script began.
    package var isHootenanny = false

    package init() {}
  }

  /// Where it stands: `ipc:///…`; of hootenanny with the broadcasts' place behind a comma.
  package let address: String
  package let folder: String
  private let state = Locked(State())
  private let thread: OwnedThread

  struct State {
    var requests: [Request] = []
    var heartbeats = 0
    var busyAnswers = 0
    var isStopping = false
    var isMute = false
  }

  /// - Parameters:
  ///   - folder: of one that stood here before; nil: a new one.
  ///   - script: what to do with a request that is not answered with busy; the number counts all requests from 0.
  package init(
    _ behaviour: Behaviour = Behaviour(), folder: String? = nil,
    _ script: @escaping @Sendable (Request, Int) -> [Step]
  ) throws {
    let folder = folder ?? "/tmp/cg-hoot-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    mkdir(folder, 0o700)
    self.folder = folder
    let (router, publisher) = ("ipc://\(folder)/host", "ipc://\(folder)/pub")
    address = behaviour.isHootenanny ? "\(router),\(publisher)" : router
    let schemas = try WireSchemas()
    let state = state
    state.withLock { $0.isMute = !behaviour.answersHeartbeats }
    let isUp = Locked(false)
    thread = try OwnedThread(name: "scripted-hoot") {
      do {
        let sockets = try WireSockets()
        let desk = ScriptedHootDesk(
          behaviour, schemas, state, try sockets.router(at: router), try sockets.publisher(at: publisher),
          script)
        isUp.withLock { $0 = true }
        desk.run(sockets)
      } catch { fatalError("\(error)") }
    }
    while !isUp.withLock({ $0 }) { usleep(1000) }
  }

  package var requests: [Request] { state.withLock { $0.requests } }
  package var heartbeats: Int { state.withLock { $0.heartbeats } }
  package var busyAnswers: Int { state.withLock { $0.busyAnswers } }

  /// From now on it answers no heartbeat, or answers them again.
  package func mute(_ isMute: Bool) { state.withLock { $0.isMute = isMute } }

  /// Its sockets close; the folder stays for the next one.
  package func stop() {
    state.withLock { $0.isStopping = true }
    thread.join()
  }
}

extension ScriptedHootHost.Step {
  package static func error(_ code: String, _ message: String) -> ScriptedHootHost.Step {
    .reply(["error": ["code": .string(code), "message": .string(message), "details": ""]])
  }

  package static func response(_ member: String, _ fields: JSONValue) -> ScriptedHootHost.Step {
    .reply(["tool_response": .object(JSONObject([(member, fields)]))])
  }
}
