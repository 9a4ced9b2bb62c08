/// Where a door asks what the control socket is asked, and hears what comes of it. Behind it stands the daemon: the same
/// requests, refusals and limits, whichever door a client came by.
package protocol RequestDesk: Sendable {
  /// The content of the reply to a request, whose `type` names its tool: `{"type": "seek", "position": "5:1"}`.
  ///
  /// Never throws: a daemon that does not answer in time is content of the type `error`, as its refusals are.
  ///
  /// - Parameters:
  ///   - content: an object as `Catalogue` declares it.
  ///   - timeout: more than zero.
  func ask(_ content: JSONValue, timeout: Duration) async -> JSONValue
}
