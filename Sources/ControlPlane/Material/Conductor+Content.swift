import ContentStore
import ControlSocket
import FoundationEssentials
import HootWire
import Tools

// The content store for its own sake. All of it waits for a disk: the storekeeper does it.

extension Conductor {
  func putContent(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let path = arguments.text(.filePath) ?? ""
    let type = arguments.text(.mimeType)
    if let type, !ContentMetadata.isMIMEType(type) { throw Self.noType(type) }
    willStore(.casPut, arguments, incoming)
    return try ask(incoming) { store throws(StoreError) in
      Self.fields(try store.put(file: path, mimeType: type))
    }
  }

  /// Content that comes with its request.
  func storeContent(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let type = arguments.text(.mimeType)
    if let type, !ContentMetadata.isMIMEType(type) { throw Self.noType(type) }
    guard let data = Data(base64Encoded: arguments.text(.data) ?? "") else {
      throw Refusal(
        "bad_data", .usage, "the parameter data is no base64",
        "it has letters that base64 has not, or too few",
        "garden cas put FILE")
    }
    let bytes = Array(data)
    willStore(.casStore, arguments, incoming)
    return try ask(incoming) { store throws(StoreError) in
      Self.fields(try store.put(bytes, mimeType: type))
    }
  }

  private nonisolated static func fields(_ stored: Stored) -> JSONValue {
    [
      "hash": .string(stored.hash), "digest": .string(stored.digest), "size": .integer(stored.bytes),
      "mime_type": .string(stored.mimeType), "path": .string(stored.path), "new": .bool(stored.isNew),
      "mended": .bool(stored.isMended),
    ]
  }

  private static func noType(_ type: String) -> Refusal {
    Refusal(
      "bad_mime_type", .usage, "\(shownText(type)) is not a MIME type",
      "it wants a type and a subtype, as audio/wav", "garden help cas put")
  }

  func getContent(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let name = try contentName(arguments)
    let output = arguments.text(.output)
    let overwrites = arguments.isSet(.force)
    return try ask(incoming) { store throws(StoreError) in
      let blob =
        if let output { try store.copy(name, to: output, overwrites: overwrites) } else {
          try store.content(name)
        }
      // It may be of no type that anybody wrote down.
      let type = (try? store.metadata(blob.hash))?.mimeType ?? ContentMetadata.unknownType
      return [
        "hash": .string(blob.hash), "digest": .string(blob.digest), "size": .integer(blob.bytes),
        "mime_type": .string(type), "path": .string(blob.path), "output": JSONValue(output),
      ]
    }
  }

  func inspectContent(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let name = try contentName(arguments)
    return try ask(incoming) { store throws(StoreError) in
      let (entry, preview) = try store.inspect(name)
      var object = JSONObject(Self.fields(entry))
      object["preview"] = .string(preview)
      return .object(object)
    }
  }

  func listContent(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let skip = arguments.integer(.skip) ?? 0
    let limit = arguments.integer(.limit) ?? Catalogue.listed
    return try ask(incoming) { store throws(StoreError) in
      let list = try store.list(skip: skip, limit: limit)
      return [
        "total": .integer(Int64(list.total)), "total_bytes": .integer(list.totalBytes),
        "cas_dir": .string(store.folder),
        "blobs": .array(list.entries.map { .object(JSONObject(Self.fields($0))) }),
      ]
    }
  }

  func contentStatistics(_ incoming: Incoming) throws(Refusal) -> Answer {
    try ask(incoming) { store throws(StoreError) in
      let list = try store.list(skip: 0, limit: 0)
      return [
        "total_items": .integer(Int64(list.total)), "total_bytes": .integer(list.totalBytes),
        "cas_dir": .string(store.folder), "state_dir": .string(store.stateFolder),
        "read_only": .bool(store.isReadOnly),
      ]
    }
  }

  func verifyContent(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let place = arguments.text(.after)
    if arguments.has(.hash) {
      let name = try contentName(arguments)
      return try ask(incoming) { store throws(StoreError) in
        let blob = try store.content(name)
        return ["checked": 1, "bytes": .integer(blob.bytes), "damaged": [], "next": nil]
      }
    }
    return try ask(incoming) { store throws(StoreError) in
      let check = try store.check(after: place)
      let damaged = check.damaged.map { error -> JSONValue in
        ["what": .string(error.lines[0]), "why": .string(error.lines[1])]
      }
      return [
        "checked": .integer(Int64(check.checked)), "bytes": .integer(check.bytes), "damaged": .array(damaged),
        "next": JSONValue(check.next),
      ]
    }
  }

  private func contentName(_ arguments: Arguments) throws(Refusal) -> ContentName {
    let text = arguments.text(.hash) ?? ""
    guard let name = ContentName(text) else {
      throw Refusal(
        "invalid_hash", .usage, "invalid hash format: \(shownText(text))",
        "it wants 32 or 64 hexadecimal digits",
        "garden cas ls")
    }
    return name
  }

  private func ask(
    _ incoming: Incoming, _ work: @escaping @Sendable (ContentStore) throws(StoreError) -> JSONValue
  ) throws(Refusal) -> Answer {
    let store = store
    try load(
      on: storekeeper,
      {
        do throws(StoreError) { return .content(.success(try work(store))) } catch {
          return .content(.failure(Refusal(error)))
        }
      },
      then: { [self] loaded in
        hasStored(incoming)
        resume(incoming) { () throws(Refusal) in
          guard case .content(let result) = loaded else { return }
          finish(incoming, .ok(try result.get()))
        }
      })
    return .later
  }

  private nonisolated static func fields(_ entry: BlobEntry) -> [(String, JSONValue)] {
    [
      ("hash", .string(entry.hash)), ("digest", JSONValue(entry.digest)), ("size", .integer(entry.bytes)),
      ("mime_type", .string(entry.metadata?.mimeType ?? ContentMetadata.unknownType)),
      ("kept_by", .string(entry.isService ? "service" : "hootenanny")), ("path", .string(entry.path)),
      ("warning", JSONValue(entry.complaint)),
    ]
  }
}
