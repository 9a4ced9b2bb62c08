/// Every limit of this target, each with what is done beyond it.
package enum HootHostLimits {
  /// Calls and questions of all hosts at once, a socket each; a further one fails as retryable.
  package static let talks = 256
  /// Seconds between two heartbeats while a host works.
  static let beat = 5.0
  /// Seconds until a host that has not answered the first heartbeat is sent another.
  static let firstBeat = 1.0
  /// Seconds without a word from a host, heartbeats sent to it, after which the call is lost, unless it says otherwise.
  package static let silence = 30.0
  /// Seconds until hootenanny is asked for the first time what a job does, and between two times.
  static let firstPoll = 0.5
  static let poll = 5.0
  /// Seconds until a service that was busy with an adopted call is asked again.
  static let askAgain = 5.0
  /// Seconds that a reply of hootenanny is waited for under the identity of a daemon that ended: longer than its tools
  /// without a job may take.
  static let orphan = 130.0
  /// Seconds that a request to stop a job may take.
  package static let leaving = 5.0
  /// UTF-8 bytes of an address.
  package static let addressBytes = 256
  /// Bytes of a path of a socket, as the system has it.
  static let pathBytes = 107
}
