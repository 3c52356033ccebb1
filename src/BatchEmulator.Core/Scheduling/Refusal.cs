namespace BatchEmulator.Core.Scheduling;

/// <summary>Reason for which a job is not placed now, or not in one environment.</summary>
internal enum Refusal
{
    /// <summary>The service had no instances for the job, and is not asked again yet.</summary>
    ServiceLacksCapacity,

    /// <summary>Units of a consumable resource are missing, or the resource itself.</summary>
    LacksUnits,

    /// <summary>The scheduling policy reserves the vCPUs for share identifiers that are not active.</summary>
    Reserved,

    /// <summary>The job needs more than the limits of its quota share, and what that could borrow at most.</summary>
    ExceedsQuotaShare,

    /// <summary>The limits of the quota share are used, and there is nothing that it could borrow.</summary>
    QuotaShareFull,

    /// <summary>Jobs that hold the capacity are being stopped; what they give up is kept for the job.</summary>
    AwaitsCapacity,

    /// <summary>The environment does not exist, is disabled or not valid.</summary>
    TakesNoJobs,

    /// <summary>The environment accepts no multi-node parallel jobs.</summary>
    TakesNoMultiNodeJobs,

    /// <summary>The job needs more than the environment can ever have.</summary>
    ExceedsMaximum,

    /// <summary>No instance type of the environment can hold the job, or one of its nodes.</summary>
    FitsNoInstanceType,

    /// <summary>An instance for the job is being launched.</summary>
    AwaitsInstance,

    /// <summary>EC2 has no instances of the type that the environment wants to launch.</summary>
    NoInstanceCapacity,

    /// <summary>Other jobs hold the required amounts, and the environment may have no more.</summary>
    NoRoom,
}
