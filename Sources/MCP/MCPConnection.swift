import HootWire

/// One client: its messages come in here in their order, and answers go out as they are ready.
///
/// Each request is worked on by itself, so that one that waits for a job keeps no other from its answer. Any thread.
package actor MCPConnection {
  private let server: MCPServer
  private let send: @Sendable (JSONValue) -> Void
  private var working: [String: Task<Void, Never>] = [:]
  private let ending = Patience()
  /// What `initialize` has agreed on.
  private var agreed: String?

  /// - Parameter send: carries a message to the client; called by any thread, one message at a time of each request.
  package init(_ server: MCPServer, send: @escaping @Sendable (JSONValue) -> Void) {
    self.server = server
    self.send = send
  }

  package func receive(_ line: LineSplitter.Line) {
    switch line {
    case .tooLong: send(Malformed.tooLong.reply)
    case .message(let bytes): receive(bytes)
    }
  }

  private func receive(_ bytes: [UInt8]) {
    do throws(Malformed) {
      switch try JSONRPCMessage.read(bytes) {
      case .response: break
      case .notification(let method, let params): take(method, params)
      case .request(let id, let method, let params):
        do throws(RPCError) { try begin(id, method, params) } catch { send(error.reply(to: id)) }
      }
    } catch { send(error.reply) }
  }

  /// Who gives up a call is sent no answer to it. Its job goes on: giving up waiting is not giving up the work.
  private func take(_ method: String, _ params: JSONObject) {
    guard method == "notifications/cancelled", let id = params["requestId"] else { return }
    working.removeValue(forKey: id.text)?.cancel()
  }

  private func begin(_ id: JSONValue, _ method: String, _ params: JSONObject) throws(RPCError) {
    let key = id.text
    guard working[key] == nil else {
      throw RPCError(.invalidRequest, "The request \(quoted(key)) is being worked on already")
    }
    guard working.count < MCPLimits.requests else {
      throw RPCError(.busy, "\(working.count) requests are being worked on: wait for an answer")
    }
    let era = try Era.of(params, agreed: agreed)
    if method == "initialize", !era.isStateless, let asked = params["protocolVersion"]?.string {
      agreed = MCPServer.agreed(on: asked)
    }
    let ending = ending
    let call = MCPServer.Call(era, params, notify: send, isEnding: { ending.isOver })
    working[key] = Task { [server] in
      let answer: JSONValue
      do throws(RPCError) {
        answer = MCPServer.message(id, try await server.result(method, params, call))
      } catch { answer = error.reply(to: id) }
      finish(key, answer)
    }
  }

  private func finish(_ key: String, _ answer: JSONValue) {
    guard !Task.isCancelled else { return }
    working[key] = nil
    send(answer)
  }

  /// Ends what waits for jobs, and gives the other answers some time. The connection takes nothing any more afterwards.
  package func end() async {
    ending.giveUp()
    let deadline = ContinuousClock.now + .seconds(MCPLimits.endSeconds)
    while !working.isEmpty, .now < deadline {
      // Nobody cancels this.
      try? await Task.sleep(for: .milliseconds(5))
    }
    for task in working.values { task.cancel() }
    working = [:]
  }
}
