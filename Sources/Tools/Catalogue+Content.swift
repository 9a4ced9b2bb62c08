extension Catalogue {
  private static let hash = Parameter(.hash, .content, "its hash, or an artifact's id").positional()

  static let contentTools: [Tool] = [
    Tool(
      .casPut, .short(seconds: 25), .query,
      Usage(
        "cas put", "copy a file into the content store",
        discussion: """
          The store is hootenanny's: a file is named by the first 32 digits of its BLAKE3 digest. It appears there \
          whole or not at all; what is there already stays, and what is damaged is replaced. With -q only the hash is \
          printed.
          """,
        examples: ["garden cas put take.wav", "garden cas put -q take.wav"],
        parameters: [
          Parameter(.filePath, .path(extensions: []), "the file").positional().required(),
          Parameter(
            .mimeType, .text(maxLength: ToolLimits.nameLength), "its type, as audio/wav",
            default: "by its first bytes"),
        ]),
      result: [
        "hash: 32 digits", "digest: 64", "size, mime_type, path", "new, mended: whether it was written",
        "job_id, done: instead, where it takes longer than a client waits; the job goes on with it",
      ]),
    Tool(
      .casStore, .short(seconds: 25), .query,
      Usage(
        "", "put content that comes with the request into the content store",
        parameters: [
          Parameter(.data, .document(ToolLimits.inlineBytes), "the content, in base64").required(),
          Parameter(
            .mimeType, .text(maxLength: ToolLimits.nameLength), "its type, as audio/midi",
            default: "by its first bytes"),
        ]),
      result: ["as of cas_upload_file"]),
    Tool(
      .casGet, .short(seconds: 25), .query,
      Usage(
        "cas get", "print content, or copy it to a file",
        discussion: "Its bytes are held against its name first: what is damaged is refused.",
        examples: [
          "garden cas get 5c735d76fe3537a0f35cf4a4eb14a532 -o take.wav",
          "garden cas get artifact_5c735d76fe35 > take.wav",
        ],
        parameters: [
          hash.required(),
          Parameter(.output, .path(extensions: []), "the file to write", default: "print it").short("o"),
          Parameter(.force, .flag, "overwrite the file"),
        ]),
      result: ["hash, digest, size, mime_type, path", "output: the copy"]),
    Tool(
      .casLs, .short(seconds: 25), .query,
      Usage(
        "cas ls", "list the content store",
        examples: ["garden cas ls", "garden cas ls --skip 500"],
        parameters: [
          Parameter(.limit, .integer(ToolLimits.listed), "at most so many", default: "\(listed)"),
          Parameter(.skip, .integer(ToolLimits.skipped), "leave out so many first", default: "0"),
        ]),
      result: ["total, total_bytes, cas_dir", "blobs: [{hash, size, mime_type, kept_by, path, warning}]"]),
    Tool(
      .casInspect, .short(seconds: 25), .query,
      Usage(
        "cas info", "show what is known of content, without reading it",
        examples: ["garden cas info 5c735d76fe3537a0f35cf4a4eb14a532"], parameters: [hash.required()]),
      result: ["hash, size, mime_type, kept_by, path, preview, warning"]),
    Tool(
      .casVerify, .short(seconds: 25), .query,
      Usage(
        "cas verify", "hold content against its name: one, or the whole store",
        discussion: "What is damaged is named, and the exit status is 65.",
        examples: ["garden cas verify", "garden cas verify 5c735d76fe3537a0f35cf4a4eb14a532"],
        parameters: [
          hash,
          Parameter(
            .after, .text(maxLength: ToolLimits.pathLength), "go on where a reply's `next` says",
            default: "the start"
          ),
        ]),
      result: [
        "checked, bytes: how many", "damaged: [{path, why}]",
        "next: where to go on, null at the end; a reply takes about 2 s",
      ]),
    Tool(
      .casStats, .short(seconds: 25), .query,
      Usage("cas stats", "say where the content store is and what it holds", examples: ["garden cas stats"]),
      result: ["total_items, total_bytes, cas_dir, state_dir, read_only"]),
  ]
}
