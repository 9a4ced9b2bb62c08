import Glibc
import HootWire

/// Files that are sent here: each piece goes to the disk as it comes, so that none is held in memory.
extension WebFloor {
  func beginUpload(_ head: RequestHead, _ length: Int, _ id: UInt64) {
    guard length <= WebLimits.uploadBytes else {
      return refuse(
        Problem(
          413, "body_too_large", "the file is too long",
          "seen \(length) bytes; at most \(WebLimits.uploadBytes) are taken", "garden artifact add FILE"), id)
    }
    let others = guests.values.reduce(0) { $0 + ($1.upload == nil ? 0 : 1) }
    guard others < WebLimits.uploads else {
      return refuse(
        Problem(
          503, "busy", "there is no room for one more file", "\(others) are on their way",
          "try again in a moment"
        ).with("Retry-After", "5"), id)
    }
    guard let file = OpenFile.nameless(in: uploadFolder) else {
      return refuse(WebFloor.noPlace(in: uploadFolder, errno), id)
    }
    guests[id]?.upload = file
    perform(guests[id]?.visit.admit(head, bodyLength: length, spools: true, at: .now) ?? .nothing, id)
    send(to: id)
  }

  func spool(_ piece: [UInt8], _ id: UInt64) {
    guard let file = guests[id]?.upload else { return }
    if let error = file.append(piece) {
      guests[id]?.upload = nil
      return refuse(WebFloor.noPlace(in: uploadFolder, error), id)
    }
    perform(guests[id]?.visit.goOn(at: now) ?? .nothing, id)
  }

  private static func noPlace(in folder: String, _ error: Int32) -> Problem {
    Problem(
      507, "no_space", "the file cannot be written down", "\(folder): \(String(cString: strerror(error)))",
      "df -h \(folder)")
  }
}
