// hootenanny's streams: sound cut into chunk files that the other side makes, names and seals.
extension CaptureWork {
  func open(_ plan: StreamPlan) throws(CaptureError) -> StreamStatus {
    guard streams[plan.uri] == nil else {
      throw CaptureError(
        .exists, "stream already exists: \(plan.uri)", "it is running", "end it first: stream_stop")
    }
    guard streams.count < CaptureLimits.streams else {
      throw CaptureError(
        .tooMany, "stream \(plan.uri) was not started",
        "\(streams.count) streams run, and \(CaptureLimits.streams) may", "end one: stream_stop")
    }
    guard CaptureLimits.chunkBytes.contains(plan.chunkBytes) else {
      throw CaptureError(
        .badSize, "failed to open initial chunk for stream \(plan.uri)",
        "a chunk has \(CaptureLimits.chunkBytes.lowerBound) to \(CaptureLimits.chunkBytes.upperBound) bytes, "
          + "not \(plan.chunkBytes)", "choose chunk_size_bytes in that range")
    }
    do throws(CaptureError) {
      let stream = try ChunkStream(plan)
      streams[plan.uri] = stream
      return stream.status
    } catch {
      throw CaptureError(
        error.kind, "failed to open initial chunk for stream \(plan.uri)",
        error.lines[0] + ": " + error.lines[1], "make the file first")
    }
  }

  func switchChunk(_ uri: String, to path: String) throws(CaptureError) -> StreamStatus {
    let stream = try running(uri)
    // What came before this goes where it still fits.
    advance(uri, stream)
    do throws(CaptureError) { try stream.take(path) } catch {
      throw CaptureError(
        error.kind, "failed to open new chunk for stream \(uri)", error.lines[0] + ": " + error.lines[1],
        "make the file first; the chunk before is still written")
    }
    advance(uri, stream)
    return stream.status
  }

  func close(_ uri: String, until end: Int) throws(CaptureError) -> StreamStatus {
    let stream = try running(uri)
    advance(uri, stream, until: end)
    streams[uri] = nil
    return stream.end()
  }

  private func running(_ uri: String) throws(CaptureError) -> ChunkStream {
    guard let stream = streams[uri] else {
      throw CaptureError(.unknown, "stream not found: \(uri)", "no such stream runs", "stream_start")
    }
    return stream
  }

  func proceedStreams() {
    for (uri, stream) in streams { advance(uri, stream) }
  }

  private func advance(_ uri: String, _ stream: ChunkStream, until end: Int = .max) {
    do throws(CaptureError) {
      guard let path = try stream.proceed(buffer, until: end) else { return }
      let status = stream.status
      tell(.chunkFull(status, path: path, bytes: status.chunkBytes, samples: status.chunkSamples))
    } catch {
      // It goes on in the next chunk, which may be on another disk.
      tell(.streamFailed(stream.status, error, recoverable: true))
    }
  }

  func endStreams() {
    for (uri, stream) in streams { advance(uri, stream) }
    streams = [:]
  }
}
