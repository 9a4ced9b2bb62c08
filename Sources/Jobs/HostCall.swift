/// One attempt of a job, as a host is asked for it.
package struct HostCall: Sendable, Equatable {
  /// How the host comes to know of it.
  package enum Opening: Sendable, Equatable {
    /// For the first time in this attempt.
    case submit
    /// Once more under the same `job`, because the daemon died while it ran and this kind of host cannot be asked.
    case resend
    /// It may be running there: ask for it by `job`, or by the name that the host gave. It is never begun beside one that
    /// runs: a kind of host that cannot be asked after a job says busy to a second request instead.
    case adopt(remote: String?)
  }

  /// An artifact that the parameters speak of.
  package struct Input: Sendable, Equatable, Codable {
    /// The parameter that holds it.
    package var parameter: String
    /// Its name in the content store.
    package var hash: String

    package init(parameter: String, hash: String) {
      self.parameter = parameter
      self.hash = hash
    }
  }

  /// What bounds the call. Seconds; a passed one ends the call with a failure that names it.
  package struct Limits: Sendable, Equatable {
    /// Until a connection stands.
    package var connect = 5.0
    /// Without a byte, a heartbeat or a progress from the host. nil: a host of this kind is silent while it works.
    package var silence: Double?
    /// From the start to the end.
    package var total: Double
    /// Bytes of the reply, decoded artifacts included.
    package var replyBytes = 256 << 20
    /// Bytes of an error reply that are read; what follows is not.
    package static let errorBytes = 64 << 10
    /// Seconds for a probe.
    package static let probe = 5.0

    package init(total: Double, silence: Double? = nil) {
      self.total = total
      self.silence = silence
    }
  }

  /// Also the `client_job_id` and the `Idempotency-Key`, the same for every attempt.
  package var job: JobID
  /// Counts the leases of the job: of two calls for one job the greater one's report counts.
  package var epoch: UInt64
  /// From 1.
  package var attempt: Int
  package var tool: String
  package var opening: Opening
  /// The parameters: one JSON object, in UTF-8.
  package var parameters: [UInt8]
  package var inputs: [Input]
  package var limits: Limits
  /// W3C trace context, passed on as a header.
  package var traceparent: String?

  package init(
    job: JobID, epoch: UInt64 = 1, attempt: Int = 1, tool: String, opening: Opening = .submit,
    parameters: [UInt8], inputs: [Input] = [], limits: Limits, traceparent: String? = nil
  ) {
    self.job = job
    self.epoch = epoch
    self.attempt = attempt
    self.tool = tool
    self.opening = opening
    self.parameters = parameters
    self.inputs = inputs
    self.limits = limits
    self.traceparent = traceparent
  }
}
