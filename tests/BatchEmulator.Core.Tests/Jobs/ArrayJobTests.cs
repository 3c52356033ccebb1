using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Tests.Jobs;

/// <summary>Array jobs (docs/aws-behaviour.md, section 7.7).</summary>
[Trait("Section", "7.7")]
public sealed class ArrayJobTests
{
    private readonly Emulation _emulation = new Emulation().Ready();

    [Fact]
    [AwsRule("7.3", Evidence.Rec, "an array that succeeded has none")]
    [AwsRule("7.7", Evidence.Doc, "the parent rests in PENDING, and succeeds with its children")]
    public void Parent_rests_in_pending_and_succeeds_with_its_last_child()
    {
        var id = _emulation.SubmitArray(3);
        _emulation.Succeed($"{id}:0");
        _emulation.Succeed($"{id}:1");
        _emulation.Job(id).Status.Should().Be(JobStatus.Pending);
        _emulation.Succeed($"{id}:2");

        _emulation.StatusesOf(id).Should().Equal(JobStatus.Submitted, JobStatus.Pending, JobStatus.Succeeded);
        _emulation.Job(id).StatusReason.Should().BeNull();
        Detail(id).ArrayProperties!.StatusSummary!["SUCCEEDED"].Should().Be(3);
    }

    [Fact]
    [AwsRule("7.3", Evidence.Rec, "a child has failed", "Array Child Job failed")]
    [AwsRule("7.7", Evidence.Doc, "it fails once all children have finished and one has failed", "Array Child Job failed")]
    public void Parent_fails_when_all_have_ended_and_one_has_failed()
    {
        var id = _emulation.SubmitArray(2);
        _emulation.Exit($"{id}:0", 1);
        _emulation.Job(id).Status.Should().Be(JobStatus.Pending);
        _emulation.Succeed($"{id}:1");

        _emulation.Job(id).Status.Should().Be(JobStatus.Failed);
        _emulation.Job(id).StatusReason.Should().Be("Array Child Job failed");
    }

    [Fact]
    [AwsRule("7.5", Evidence.Rec, "array parent and child")]
    public void Summary_has_all_seven_states_and_the_time_of_the_last_change()
    {
        var id = _emulation.SubmitArray(2);

        Detail(id).ArrayProperties!.StatusSummary.Should().BeEquivalentTo(new Dictionary<string, int>
        {
            ["SUBMITTED"] = 0,
            ["PENDING"] = 0,
            ["RUNNABLE"] = 0,
            ["STARTING"] = 2,
            ["RUNNING"] = 0,
            ["SUCCEEDED"] = 0,
            ["FAILED"] = 0,
        });
        Detail(id).ArrayProperties!.StatusSummaryLastUpdatedAt.Should().Be(_emulation.Now.ToUnixTimeMilliseconds());
    }

    [Fact]
    [AwsRule("7.5", Evidence.Rec, "array parent and child")]
    public void Summary_is_complete_from_the_start()
    {
        var id = _emulation.SubmitArray(2);

        var first = _emulation.Changes.OfType<JobSaved>().First(c => c.Value.Id == id && c.Value.Status == JobStatus.Pending).Value;
        JobDetails.Of(first, new Dictionary<string, string>()).ArrayProperties!.StatusSummary.Should().HaveCount(7).And
            .Contain("SUBMITTED", 2);
    }

    [Fact]
    [Trait("Section", "6.4")]
    public void Sequential_twice_is_sequential()
    {
        var id = _emulation.SubmitArray(3, new Wire.JobDependency { Type = "SEQUENTIAL" }, new Wire.JobDependency { Type = "SEQUENTIAL" });

        _emulation.Succeed($"{id}:0");
        _emulation.Restart();
        _emulation.Succeed($"{id}:1");
        _emulation.Succeed($"{id}:2");

        _emulation.Job(id).Status.Should().Be(JobStatus.Succeeded);
    }

    [Fact]
    [AwsRule("7.6", Evidence.Doc, "all children of an array; the parent fails when they are done")]
    public void Array_that_was_cancelled_can_be_terminated()
    {
        _emulation.Environment("small", 2);
        _emulation.Queue("narrow", 1, "small");
        var id = _emulation.Submit(with: r => r with { JobQueue = "narrow", ArrayProperties = new() { Size = 3 } });
        _emulation.Start($"{id}:0");

        _emulation.Cancel(id, "c");
        _emulation.Job($"{id}:2").Should().Match<Job>(j => j.Status == JobStatus.Failed && j.StatusReason == "c");
        _emulation.Stopped.Should().BeEmpty("cancelling leaves alone what runs");
        _emulation.Terminate(id, "t");
        _emulation.Stopped.Select(k => k.JobId).Should().BeEquivalentTo($"{id}:0", $"{id}:1");
        _emulation.Terminate(id, "again");
        _emulation.Stopped.Should().HaveCount(2);
        _emulation.Exit($"{id}:0", 143);
        _emulation.Exit($"{id}:1", 143);

        _emulation.Job($"{id}:0").Should()
            .Match<Job>(j => j.Status == JobStatus.Failed && j.StatusReason == "t" && j.IsTerminated && !j.IsCancelled);
        _emulation.Job(id).Should()
            .Match<Job>(j => j.Status == JobStatus.Failed && j.StatusReason == "t" && j.IsTerminated && j.IsCancelled);
    }

    [Fact]
    [AwsRule("7.5", Evidence.Rec, "array parent and child")]
    public void Child_shows_its_index_and_an_empty_summary()
    {
        var child = Detail($"{_emulation.SubmitArray(2)}:1");

        child.ArrayProperties!.Index.Should().Be(1);
        child.ArrayProperties.Size.Should().BeNull();
        child.ArrayProperties.StatusSummary.Should().BeEmpty();
        child.JobArn.Should().EndWith(":1");
    }

    [Fact]
    [AwsRule("8", Evidence.Doc, "AWS_BATCH_JOB_ARRAY_INDEX, AWS_BATCH_JOB_ARRAY_SIZE in children")]
    public void Child_has_its_index_in_its_environment()
    {
        var id = _emulation.SubmitArray(2);

        _emulation.Running[_emulation.KeyOf($"{id}:1")].Containers[0].Environment.Should().Contain(
        [
            new("AWS_BATCH_JOB_ID", $"{id}:1"), new("AWS_BATCH_JOB_ARRAY_INDEX", "1"), new("AWS_BATCH_JOB_ARRAY_SIZE", "2"),
        ]);
    }

    [Fact]
    public void Children_share_their_parents_specification()
    {
        var id = _emulation.SubmitArray(3);

        _emulation.Job($"{id}:2").Specification.Should().BeSameAs(_emulation.Job(id).Specification);
    }

    [Fact]
    [AwsRule("7.7", Evidence.Doc, "retries and timeout are those of each child")]
    public void Retries_apply_to_each_child()
    {
        var id = _emulation.Submit(with: r => r with { ArrayProperties = new() { Size = 2 }, RetryStrategy = new() { Attempts = 2 } });
        _emulation.Exit($"{id}:0", 1);
        _emulation.Succeed($"{id}:0");
        _emulation.Succeed($"{id}:1");

        _emulation.Job(id).Status.Should().Be(JobStatus.Succeeded);
        _emulation.Job($"{id}:0").Attempts.Should().HaveCount(2);
        _emulation.Job($"{id}:1").Attempts.Should().ContainSingle();
    }

    [Fact]
    [AwsRule("6.4", Evidence.Doc, "SEQUENTIAL: one child after the other; after a failure the rest fails", "Dependent Job failed")]
    public void Sequential_children_run_one_after_the_other_and_fail_together()
    {
        var id = _emulation.SubmitArray(4, new Wire.JobDependency { Type = "SEQUENTIAL" });
        _emulation.Running.Should().ContainSingle();
        _emulation.Succeed($"{id}:0");
        _emulation.Running.Keys.Should().ContainSingle().Which.JobId.Should().Be($"{id}:1");
        _emulation.Exit($"{id}:1", 1);

        _emulation.Job($"{id}:2").StatusReason.Should().Be("Dependent Job failed");
        _emulation.Job($"{id}:3").StatusReason.Should().Be("Dependent Job failed");
        _emulation.Job(id).StatusReason.Should().Be("Array Child Job failed");
    }

    [Fact]
    [AwsRule("6.4", Evidence.Doc, "N_TO_N: child by child")]
    public void Paired_arrays_run_index_by_index()
    {
        var first = _emulation.SubmitArray(2);
        var second = _emulation.SubmitArray(2, new Wire.JobDependency { JobId = first, Type = "N_TO_N" });

        _emulation.Succeed($"{first}:1");
        _emulation.Job($"{second}:1").Status.Should().Be(JobStatus.Starting);
        _emulation.Job($"{second}:0").Status.Should().Be(JobStatus.Pending);
        _emulation.Exit($"{first}:0", 1);
        _emulation.Job($"{second}:0").StatusReason.Should().Be("Dependent Job failed");
    }

    [Fact]
    [AwsRule("6.4", Evidence.Doc, "N_TO_N: child by child")]
    public void Pairing_with_an_array_that_has_failed_fails_only_the_pairs_of_failed_children()
    {
        var first = _emulation.SubmitArray(2);
        _emulation.Exit($"{first}:0", 1);
        _emulation.Succeed($"{first}:1");

        var second = _emulation.SubmitArray(2, new Wire.JobDependency { JobId = first, Type = "N_TO_N" });

        _emulation.Job($"{second}:0").Status.Should().Be(JobStatus.Failed);
        _emulation.Job($"{second}:1").Status.Should().Be(JobStatus.Starting);
    }

    [Fact]
    [AwsRule("6.4", Evidence.Client,
        "an entry of type SEQUENTIAL that names a job is a plain dependency, N_TO_N with a job that is no array too")]
    public void Sequential_entry_that_names_a_job_is_an_ordinary_dependency()
    {
        var first = _emulation.Submit();
        var array = _emulation.SubmitArray(2, new Wire.JobDependency { JobId = first, Type = "SEQUENTIAL" });
        _emulation.Job($"{array}:0").Status.Should().Be(JobStatus.Pending);

        _emulation.Succeed(first);

        _emulation.Job($"{array}:0").Status.Should().Be(JobStatus.Starting);
        _emulation.Job($"{array}:1").Status.Should().Be(JobStatus.Starting, "the children do not wait for each other");
    }

    [Fact]
    [AwsRule("6.4", Evidence.Client,
        "an entry of type SEQUENTIAL that names a job is a plain dependency, N_TO_N with a job that is no array too")]
    public void Pairing_with_a_job_that_is_no_array_is_an_ordinary_dependency()
    {
        var first = _emulation.Submit();
        var array = _emulation.SubmitArray(2, new Wire.JobDependency { JobId = first, Type = "N_TO_N" });
        _emulation.Restart();
        _emulation.Job($"{array}:1").Status.Should().Be(JobStatus.Pending);

        _emulation.Succeed(first);

        _emulation.Job($"{array}:1").Status.Should().Be(JobStatus.Starting);
    }

    [Fact]
    [AwsRule("6.4", Evidence.Open, "N_TO_N: arrays of one size")]
    public void Pairing_with_an_array_of_another_size_is_refused()
    {
        var first = _emulation.SubmitArray(2);

        _emulation.Invoking(e => e.SubmitArray(3, new Wire.JobDependency { JobId = first, Type = "N_TO_N" })).Should()
            .Throw<ClientException>()
            .WithMessage(OpenTexts.UnequalPair(first, 2));
    }

    [Fact]
    public void Array_that_waits_releases_all_children_at_once()
    {
        var first = _emulation.Submit();
        var array = _emulation.SubmitArray(2, new Wire.JobDependency { JobId = first });
        _emulation.Job($"{array}:0").Status.Should().Be(JobStatus.Pending);

        _emulation.Succeed(first);

        _emulation.Job($"{array}:0").Status.Should().Be(JobStatus.Starting);
        _emulation.Job($"{array}:1").Status.Should().Be(JobStatus.Starting);
    }

    [Fact]
    public void Array_whose_dependency_fails_never_runs()
    {
        var first = _emulation.Submit();
        var array = _emulation.SubmitArray(2, new Wire.JobDependency { JobId = first });

        _emulation.Exit(first, 1);

        _emulation.Job(array).StatusReason.Should().Be("Dependent Job failed");
        _emulation.Job($"{array}:1").StatusReason.Should().Be("Dependent Job failed");
    }

    [Fact]
    [AwsRule("7.6", Evidence.Doc, "all children of an array; the parent fails when they are done")]
    public void Terminated_parent_ends_all_its_children()
    {
        var emulation = new Emulation().Ready(maxVcpus: 1);
        var id = emulation.SubmitArray(3);
        emulation.Start($"{id}:0");

        emulation.Terminate(id, "stop it");
        emulation.Job($"{id}:1").StatusReason.Should().Be("stop it");
        emulation.Job(id).Status.Should().Be(JobStatus.Pending, "one child still runs");
        emulation.Exit($"{id}:0", 143);

        emulation.Job(id).Status.Should().Be(JobStatus.Failed);
        emulation.Job(id).IsTerminated.Should().BeTrue();
        emulation.Job($"{id}:0").StatusReason.Should().Be("stop it");
    }

    [Fact]
    [AwsRule("7.6", Evidence.Doc, "all children of an array; the parent fails when they are done")]
    public void Cancelled_parent_lets_running_children_finish()
    {
        var emulation = new Emulation().Ready(maxVcpus: 1);
        var id = emulation.SubmitArray(2);
        emulation.Start($"{id}:0");

        emulation.Cancel(id);
        emulation.Job($"{id}:1").Status.Should().Be(JobStatus.Failed);
        emulation.Stopped.Should().BeEmpty();
        emulation.Exit($"{id}:0");

        emulation.Job($"{id}:0").Status.Should().Be(JobStatus.Succeeded);
        emulation.Job(id).Status.Should().Be(JobStatus.Failed);
    }

    [Fact]
    public void Progress_outlives_a_restart()
    {
        var id = _emulation.SubmitArray(3);
        _emulation.Exit($"{id}:0", 1);
        _emulation.Restart();
        _emulation.Succeed($"{id}:1");
        _emulation.Succeed($"{id}:2");

        _emulation.Job(id).Status.Should().Be(JobStatus.Failed);
        Detail(id).ArrayProperties!.StatusSummary!["FAILED"].Should().Be(1);
    }

    [Fact]
    [AwsRule("7.7", Evidence.Doc, "up to 10,000 children")]
    public void Largest_array_has_ten_thousand_children()
    {
        var emulation = new Emulation().Ready(maxVcpus: 1);

        var id = emulation.SubmitArray(10_000);

        emulation.Job($"{id}:9999").Status.Should().Be(JobStatus.Runnable);
    }

    [Fact]
    [AwsRule("7.7", Evidence.Doc, "retries and timeout are those of each child")]
    public void Timeout_applies_to_each_child()
    {
        var id = _emulation.Submit(
            with: r => r with { ArrayProperties = new() { Size = 2 }, Timeout = new() { AttemptDurationSeconds = 60 } });
        _emulation.Start($"{id}:0");
        _emulation.Advance(TimeSpan.FromSeconds(30));
        _emulation.Start($"{id}:1");

        _emulation.Advance(TimeSpan.FromSeconds(30));

        _emulation.Stopped.Should().Equal(new AttemptKey($"{id}:0", 1));
    }

    [Fact]
    [AwsRule("7.6", Evidence.Doc, "a single child")]
    public void Child_can_be_cancelled_alone_and_fails_its_parent_in_the_end()
    {
        var emulation = new Emulation().Ready(maxVcpus: 1);
        var id = emulation.SubmitArray(2);

        emulation.Cancel($"{id}:1", "not this one");

        emulation.Job($"{id}:1").StatusReason.Should().Be("not this one");
        emulation.Job(id).Status.Should().Be(JobStatus.Pending);
        emulation.Succeed($"{id}:0");
        emulation.Job(id).Status.Should().Be(JobStatus.Failed);
        emulation.Job(id).StatusReason.Should().Be("Array Child Job failed");
        emulation.Job(id).IsCancelled.Should().BeFalse();
    }

    private Wire.JobDetail Detail(string id) => JobDetails.Of(_emulation.Job(id), new Dictionary<string, string>());
}
