/// The hand that speaks to one host: one type for each kind of host, behind this one protocol.
///
/// The dispatcher calls from its own thread and expects every call back at once: what waits for a network, a disk or
/// a child process does so on threads of the client's own. Reports may come on any thread, also before `start` has
/// returned; those of one call come in order.
package protocol HostClient: Sendable {
  /// What kind of host this speaks to, and so who decides that the host is alive and whether work can be adopted.
  var kind: HostKind { get }

  /// Begins one attempt.
  ///
  /// `report` is called any number of times, the last time, exactly once, with `.finished`. After that nothing comes,
  /// nothing of the call is kept, and files that were not reported are gone. A call that cannot begin reports
  /// `.finished(.failed(…))`.
  func start(_ call: HostCall, report: @escaping @Sendable (HostReport) -> Void) -> any HostCallHandle

  /// Asks whether the host is there and how it does, within `HostCall.Limits.probe` seconds. One answer.
  func probe(_ answer: @escaping @Sendable (HostHealth) -> Void)

  /// Tells the host to let go of work that no call holds any more: it was cancelled while the host or this
  /// daemon was away. One answer.
  ///
  /// - Parameter remote: the host's own name for it, when it gave one.
  func release(_ job: JobID, remote: String?, _ answer: @escaping @Sendable (HostRelease) -> Void)
}

/// A call that runs. Dropping it changes nothing.
package protocol HostCallHandle: Sendable {
  /// Asks the host, where it can be asked, to stop; the call then ends with `.finished(.cancelled)`, or with what
  /// came first. The report says when the host is known to be free. Any thread; idempotent; waits for nothing.
  func cancel()
}

/// The kinds of host there are a client for.
package enum HostKind: String, Sendable, CaseIterable, Codable {
  /// `POST /predict` with `client_job_id`.
  case http
  /// A HOOT01 service.
  case hoot01
  /// hootenanny, whose jobs have ids of its own.
  case hootenanny
  /// A child process.
  case command
  /// Inside this program or a child of it that it made itself.
  case builtin
}

/// What `HostClient.release` came to.
package enum HostRelease: Sendable, Equatable {
  /// The host works on it no more.
  case released
  /// The host does not know it.
  case unknown
  /// This kind of host cannot be asked: it ends when it ends.
  case unsupported
  /// The host did not answer: ask again later.
  case unreachable
}
