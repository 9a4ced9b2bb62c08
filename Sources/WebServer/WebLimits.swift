/// Every limit of the HTTP server, with the refusal it gives.
package enum WebLimits {
  /// Connections at once. More: 503, closed.
  package static let connections = 800
  /// Bytes of a request's line and headers. More: 431, closed.
  package static let headBytes = 16 * 1024
  /// Bytes of a request's target. More: 414, closed.
  package static let targetBytes = 4096
  /// Headers of a request. More: 431, closed.
  package static let headers = 64
  /// Bytes of a request's body. More: 413, closed, and nothing of it is read.
  package static let bodyBytes = 4 * 1024 * 1024
  /// Bytes of all bodies that are on their way. More: 503, closed.
  package static let bodiesBytes = 64 * 1024 * 1024
  /// Bytes of an artifact's file that is sent here. More: 413, closed, and nothing of it is read.
  package static let uploadBytes = 1 << 30
  /// Files that are being sent here at once. More: 503, closed.
  package static let uploads = 4
  /// Bytes of a file that must come in a second, or it is given up: 408, closed.
  package static let uploadRate = 64 * 1024
  /// Bytes of a file that are read at a time, to be sent.
  package static let fileBytes = 256 * 1024
  /// Bytes of a message that comes by a WebSocket. More: closed with 1009.
  package static let socketBytes = 4096
  /// From a head's first byte to its last, in seconds. Longer: 408, closed.
  package static let headSeconds = 5
  /// From a head's end to its body's, in seconds. Longer: 408, closed.
  package static let bodySeconds = 30
  /// Without a request, in seconds. Longer: closed.
  package static let idleSeconds = 60
  /// A client that takes nothing of what is sent, in seconds. Longer: closed.
  package static let writeSeconds = 20
  /// Events that are kept for who was away or is slow. More: the oldest are forgotten, and a stream that is not there yet
  /// is told so.
  package static let events = 8192
  /// Bytes of those. More: likewise.
  package static let eventBytes = 8 * 1024 * 1024
  /// Bytes that are made ready for a client of events. More: they wait in the history.
  package static let streamBytes = 64 * 1024
  /// Topics that a stream names. More: refused.
  package static let topics = 32
  /// Between two signs of life on a stream, in seconds.
  package static let pulseSeconds = 10
  /// Connections that are sent what is played. More: 503.
  package static let listeners = 16
  /// Bytes of sound that are made ready for a listener. More: it stays where it is kept for all.
  package static let soundBytes = 64 * 1024
  /// Frames of a packet of sound at most.
  package static let packetFrames = 2048
  /// How often listeners are sent what was played, in milliseconds.
  package static let soundMilliseconds = 20
  /// How far a listener may lag, in milliseconds. Further: what is between is left out, and it is told how much.
  package static let lagMilliseconds = 1000
  /// For the last replies when the daemon ends, in milliseconds.
  package static let endMilliseconds = 500
  /// Bytes read from a connection at a time, so that one that floods leaves the others their turn.
  package static let readBytes = 64 * 1024
  /// Connections taken in a turn. The rest: next turn.
  package static let accepts = 64
  /// Messages to the thread that wait: each request in work has a handful.
  package static let messages = 65_536
  /// How long no connection is taken when the system has no descriptor left, in milliseconds.
  package static let exhaustedMilliseconds = 100
}
