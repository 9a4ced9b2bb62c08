/// What the capture thread is asked to do. Each is answered once, by news with the same token.
package enum CaptureOrder: Sendable {
  case start(token: UInt64, TakePlan)
  /// Up to a frame of the take's history; it is written by now.
  case stop(token: UInt64, id: UInt64, until: Int)
  /// The last frames of the mix up to a frame of its history.
  case save(token: UInt64, id: UInt64, frames: Int, until: Int, file: String, replaces: Bool)
  case openStream(token: UInt64, StreamPlan)
  case switchChunk(token: UInt64, uri: String, path: String)
  case closeStream(token: UInt64, uri: String, until: Int)
}

/// What the capture thread tells.
package enum CaptureNews: Sendable {
  case started(token: UInt64, Result<Captured, CaptureError>)
  case stopped(token: UInt64, Result<Captured, CaptureError>)
  case saved(token: UInt64, Result<Captured, CaptureError>)
  /// A capture ended by itself: its disk is full, or gone.
  case ended(Captured)
  /// The past is kept from now on, or is not for this reason.
  case past(CaptureError?)
  case stream(token: UInt64, Result<StreamStatus, CaptureError>)
  case head(StreamStatus)
  case chunkFull(StreamStatus, path: String, bytes: Int64, samples: Int64)
  case streamFailed(StreamStatus, CaptureError, recoverable: Bool)
}
