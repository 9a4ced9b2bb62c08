import JACKBench

/// A JACK server and what is joined to it. Everything stays until `end`, however early it is used for the last time,
/// and goes in the order that libjack survives: the server last.
final class Rig {
  let server: JACKServer
  private var held: [AnyObject] = []

  init(_ server: JACKServer) { self.server = server }

  func hold<Thing: AnyObject>(_ thing: Thing) -> Thing {
    held.append(thing)
    return thing
  }

  /// A client that records so many frames.
  func recorder(_ name: String = "witness", capacity: Int = 0) throws -> JACKRecorder {
    guard let recorder = JACKRecorder(server: server.name, name: name, capacity: capacity) else {
      throw SceneFailure("\(name) cannot join the server")
    }
    return hold(recorder)
  }

  /// The latest first.
  func end() { while !held.isEmpty { held.removeLast() } }
}
