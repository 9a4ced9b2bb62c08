import ContentStore
import HootCapnProto
import HostClients
import Jobs
import Threading
import Tools

/// Makes the client of a host by its kind, and owns the threads that all clients share: each is started with the first host
/// that needs it.
///
/// `Dispatcher.Parts.makeClient` is `{ factory.make($0) }`. Any thread.
package final class HostClientFactory: Sendable {
  /// What it is lent.
  package struct Parts: Sendable {
    /// The absolute path of `chaosgarden`, whose `render` is a built-in tool.
    package var program: String
    /// All that children get of an environment.
    package var environment: [String: String]
    /// For children's files on the way; there already.
    package var folder: String
    /// Where inputs are read and lent to services, and where what hosts name by a hash lies.
    package var store: ContentStore

    package init(program: String, environment: [String: String], folder: String, store: ContentStore) {
      self.program = program
      self.environment = environment
      self.folder = folder
      self.store = store
    }
  }

  struct Workers {
    var http: HTTPWorker?
    var children: ChildWorker?
    var hoot: HootWorker?
    var inputs: InputReader?
    var maker: InputReader?
    var isStopped = false
  }

  let parts: Parts
  let workers = Locked(Workers())

  package init(_ parts: Parts) { self.parts = parts }

  /// Nil for a host that no client can be made for: `client(for:)` says why.
  package func make(_ host: HostSpec) -> (any HostClient)? {
    do throws(HostFailure) { return try client(for: host) } catch { return nil }
  }

  /// One client for all services of a host. Waits for nothing but the start of a thread.
  ///
  /// - Throws: where an address is none of its kind, or no thread can be had; nothing is left behind.
  package func client(for host: HostSpec) throws(HostFailure) -> any HostClient {
    var clients: [any HostClient] = []
    // A built-in host needs no address.
    let none = HostSpec.Service(address: "", tools: ["*"])
    for service in host.services.isEmpty && host.kind == .builtin ? [none] : host.services {
      clients.append(try client(host, service))
    }
    guard let first = clients.first else {
      throw HostFailure(
        .permanent, "\(host.name) has no service", why: "It has no address.",
        next: "garden host add NAME --kind http --url http://gpu:2000 --tools orpheus_generate")
    }
    return clients.count == 1 ? first : ServicesClient(host, clients)
  }

  private func client(
    _ host: HostSpec, _ service: HostSpec.Service
  ) throws(HostFailure) -> any HostClient {
    switch host.kind {
    case .http:
      return try HTTPHostClient(
        name: host.name, url: service.address, worker: try started(\.http) { try HTTPWorker() },
        reader: try inputs(), content: content)
    case .command:
      return try CommandHostClient(
        name: host.name, arguments: try ProgramWords.of(service.address), environment: parts.environment,
        folder: parts.folder, worker: try started(\.children) { try ChildWorker() }, reader: try inputs(),
        content: content)
    case .builtin:
      return BuiltinHostClient(
        program: parts.program, environment: parts.environment, folder: parts.folder,
        worker: try started(\.children) { try ChildWorker() },
        maker: try started(\.maker) { try InputReader(name: "garden-makers") }, content: content)
    case .hoot01, .hootenanny:
      return try HootHostClient(
        name: host.name, kind: host.kind, address: service.address,
        worker: try started(\.hoot) { try HootWorker(try WireSchemas()) }, reader: try inputs(),
        store: parts.store)
    }
  }

  /// Ends every call and every thread. Idempotent; not from a thread that a report comes on.
  package func stop() {
    let workers = workers.withLock { workers in
      defer {
        workers = Workers()
        workers.isStopped = true
      }
      return workers
    }
    workers.http?.stop()
    workers.children?.stop()
    workers.hoot?.stop()
    workers.inputs?.stop()
    workers.maker?.stop()
  }
}

extension HostClientFactory {
  func inputs() throws(HostFailure) -> InputReader { try started(\.inputs) { try InputReader() } }

  func started<Worker>(
    _ path: WritableKeyPath<Workers, Worker?> & Sendable, _ start: () throws -> Worker
  ) throws(HostFailure) -> Worker {
    do {
      return try workers.withLock { workers in
        if let worker = workers[keyPath: path] { return worker }
        guard !workers.isStopped else {
          throw HostFailure(
            .retryable, "No client was made", why: "The daemon ends.", next: "garden status")
        }
        let worker = try start()
        workers[keyPath: path] = worker
        return worker
      }
    } catch {
      throw error as? HostFailure
        ?? HostFailure(.retryable, "No client was made", why: "\(error)", next: "garden status")
    }
  }

  /// The bytes of an input.
  var content: @Sendable (String) throws(HostFailure) -> [UInt8] {
    let store = parts.store
    return { name throws(HostFailure) in
      let content = try Self.name(name)
      do throws(StoreError) {
        return try store.bytes(content, limit: HostClientLimits.requestBytes)
      } catch { throw error.failure }
    }
  }

  static func name(_ text: String) throws(HostFailure) -> ContentName {
    if let name = ContentName(text) { return name }
    throw HostFailure(
      .permanent, "An input is none", why: "\(Plain.shown(text)) is not the name of an artifact.",
      next: "garden artifact ls")
  }
}

extension StoreError {
  /// What is not there, or damaged, will be so the next time too; a disk may be mended.
  var failure: HostFailure {
    let isFinal = [Kind.notFound, .damaged, .ambiguous, .tooLarge, .notAFile, .missing].contains(kind)
    return HostFailure(isFinal ? .permanent : .retryable, lines[0], why: lines[1], next: lines[2])
  }
}
