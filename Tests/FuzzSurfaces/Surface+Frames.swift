import HootWire

extension Surface {
  /// Bytes as frames: a frame's length in one byte, then its bytes. 255 is all that is left.
  static func split(_ bytes: [UInt8]) -> [[UInt8]] {
    var frames: [[UInt8]] = []
    var rest = bytes[...]
    while let length = rest.popFirst() {
      let count = length == 255 ? rest.count : Int(length)
      frames.append(Array(rest.prefix(count)))
      rest = rest.dropFirst(count)
    }
    return frames
  }

  static func takeFrames(_ bytes: [UInt8]) -> String {
    let frames = split(bytes)
    // As a peer reads them, and as a router does.
    let direct = takeMessage(frames, routingFrames: 0)
    return direct.hasPrefix("refused") ? takeMessage(frames, routingFrames: 1) : direct
  }

  private static func takeMessage(_ frames: [[UInt8]], routingFrames: Int) -> String {
    let frame: HootFrame
    do throws(FrameError) {
      frame = try HootFrame.parse(frames, routingFrames: routingFrames)
    } catch {
      return refusal([error.description])
    }
    demand(same(frame, frame.encode()), "a frame that is written reads as the same")
    _ = frame.heartbeatAnswer.encode()
    do throws(BodyError) {
      let body = try BodyCodecs().decodeRequest(frame)
      return answer(frame, body)
    } catch {
      demand(error.replyContent["type"] == "error", "a refusal is an error")
      return refusal([error.description])
    }
  }

  private static func same(_ frame: HootFrame, _ written: [[UInt8]]) -> Bool {
    // The identity may hold the mark, which a route's length tells apart.
    do { return try HootFrame.parse(written, routingFrames: frame.identity.count) == frame } catch {
      return false
    }
  }

  private static func answer(_ frame: HootFrame, _ body: RequestBody) -> String {
    let context = ReplyContext(
      requestID: frame.requestID, requestHeader: body.header, replyType: "shell_reply")
    let reply = frame.reply(.json, JSONBodyCodec().encodeReply(body.content, to: context))
    do throws(BodyError) {
      let read = try JSONBodyCodec.message(reply.body)
      demand(read.content == body.content, "what is sent back is what came")
      demand(read.parentHeader == body.header, "a reply carries the request's header")
    } catch {
      demand(false, "a reply reads: \(error)")
    }
    return "a request of \(frame.body.count) bytes"
  }
}
