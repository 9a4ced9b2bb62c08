extension WebFloor {
  /// Before a byte of the body is taken: whether the request may pass.
  func examine(_ head: RequestHead, _ id: UInt64) {
    guard let guest = guests[id] else { return }
    let length: Int
    do { length = try head.bodyLength() } catch { return refuse(error.problem, id) }
    let isPublic = Endpoint.isPublic(head)
    if let objection = gate.objection(to: head, isPublic: isPublic, isOwners: guest.isOwners) {
      return refuse(objection, id)
    }
    if length > 0, Endpoint.takesFile(head) { return beginUpload(head, length, id) }
    guard length <= WebLimits.bodyBytes else {
      return refuse(
        Problem(
          413, "body_too_large", "the request's body is too long",
          "seen \(length) bytes; at most \(WebLimits.bodyBytes) are taken", "send less"), id)
    }
    let others = length > 0 ? guests.values.reduce(0) { $0 + $1.visit.bodyBytes } : 0
    guard others + length <= WebLimits.bodiesBytes else {
      return refuse(
        Problem(
          503, "busy", "there is no room for the request's body",
          "bodies of \(others) bytes are on their way; at most \(WebLimits.bodiesBytes) are taken",
          "try again in a moment"
        ).with("Retry-After", "1"), id)
    }
    let action = guests[id]?.visit.admit(head, bodyLength: length, at: .now) ?? .nothing
    perform(action, id)
  }

  /// What is refused at its head ends the connection: its body is not read.
  func refuse(_ problem: Problem, _ id: UInt64) { reply(problem.reply.closing(), to: id) }

  func answer(_ head: RequestHead, _ body: [UInt8], _ id: UInt64) {
    if let door, head.isMessage { return ask(door, head, body, id) }
    let answerer = answerer
    let mailbox = executor.mailbox
    let upload = guests[id]?.upload
    guests[id]?.upload = nil
    Task(executorPreference: executor) {
      let reply = await answerer.answer(head, body, upload)
      _ = mailbox.push(.reply(visit: id, reply))
    }
  }
}
