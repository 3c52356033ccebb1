using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Tests.Jobs;

/// <summary>Dependencies (docs/aws-behaviour.md, section 6.4).</summary>
[Trait("Section", "6.4")]
public sealed class DependencyTests
{
    private readonly Emulation _emulation = new Emulation().Ready();

    [Fact]
    [AwsRule("6.4", Evidence.Doc, "PENDING until all have succeeded, then RUNNABLE")]
    public void Dependent_waits_in_pending_and_runs_after_success()
    {
        var first = _emulation.Submit();
        var second = _emulation.SubmitAfter(first);
        _emulation.Job(second).Status.Should().Be(JobStatus.Pending);

        _emulation.Succeed(first);

        _emulation.StatusesOf(second).Should().Equal(JobStatus.Submitted, JobStatus.Pending, JobStatus.Runnable, JobStatus.Starting);
    }

    [Theory]
    [AwsRule("6.4", Evidence.Client,
        "an entry of type SEQUENTIAL that names a job is a plain dependency, N_TO_N with a job that is no array too")]
    [InlineData("SEQUENTIAL")]
    [InlineData("N_TO_N")]
    public void Typed_entry_without_an_array_is_an_ordinary_dependency(string type)
    {
        var first = _emulation.Submit();
        var array = _emulation.SubmitArray(2);
        var second = _emulation.Submit(
            with: r => r with { DependsOn = [new() { JobId = first, Type = type }, new() { JobId = array, Type = type }] });
        _emulation.Restart();
        _emulation.Succeed(first);
        _emulation.Job(second).Status.Should().Be(JobStatus.Pending);

        _emulation.Succeed($"{array}:0");
        _emulation.Succeed($"{array}:1");

        _emulation.Job(second).Status.Should().Be(JobStatus.Starting);
    }

    [Fact]
    public void Sequential_entry_without_a_job_has_no_effect_on_a_job_that_is_no_array()
    {
        var id = _emulation.Submit(with: r => r with { DependsOn = [new() { Type = "SEQUENTIAL" }] });

        _emulation.Job(id).Status.Should().Be(JobStatus.Starting);
    }

    [Fact]
    public void Multi_node_job_waits_for_a_job_named_with_a_type()
    {
        _emulation.Define("nodes", _ => Requests.MultiNode(2));
        var first = _emulation.Submit();
        var second = _emulation.Submit(
            with: r => r with { JobDefinition = "nodes", DependsOn = [new() { JobId = first, Type = "SEQUENTIAL" }] });
        _emulation.Job(second).Status.Should().Be(JobStatus.Pending);

        _emulation.Succeed(first);

        _emulation.Job(second).Status.Should().Be(JobStatus.Starting);
    }

    [Fact]
    [AwsRule("6.4", Evidence.Client, "one that fails fails the job, without an attempt", "Dependent Job failed")]
    public void Failure_propagates_through_a_chain()
    {
        var first = _emulation.Submit();
        var second = _emulation.SubmitAfter(first);
        var third = _emulation.SubmitAfter(second);

        _emulation.Exit(first, 1);

        foreach (var id in new[] { second, third })
        {
            _emulation.Job(id).Status.Should().Be(JobStatus.Failed);
            _emulation.Job(id).StatusReason.Should().Be("Dependent Job failed");
            _emulation.Job(id).Attempts.Should().BeEmpty();
        }
    }

    [Fact]
    [AwsRule("6.4", Evidence.Doc, "PENDING until all have succeeded, then RUNNABLE")]
    public void Last_job_of_a_diamond_runs_when_both_sides_are_done()
    {
        var top = _emulation.Submit();
        var left = _emulation.SubmitAfter(top);
        var right = _emulation.SubmitAfter(top);
        var bottom = _emulation.SubmitAfter(left, right);

        _emulation.Succeed(top);
        _emulation.Succeed(left);
        _emulation.Job(bottom).Status.Should().Be(JobStatus.Pending);
        _emulation.Succeed(right);

        _emulation.Job(bottom).Status.Should().Be(JobStatus.Starting);
    }

    [Fact]
    [AwsRule("6.4", Evidence.Infer, "one that is finished counts as it ended", "Dependent Job failed")]
    public void Finished_dependencies_count_by_their_outcome()
    {
        var succeeded = _emulation.Submit();
        _emulation.Succeed(succeeded);
        var failed = _emulation.Submit();
        _emulation.Exit(failed, 1);

        _emulation.Job(_emulation.SubmitAfter(succeeded)).Status.Should().Be(JobStatus.Starting);
        _emulation.Job(_emulation.SubmitAfter(failed)).StatusReason.Should().Be("Dependent Job failed");
    }

    [Fact]
    [AwsRule("7.6", Evidence.Doc, "a PENDING job ends when its dependencies are finished")]
    public void Cancelled_dependent_fails_when_its_dependencies_are_done()
    {
        var first = _emulation.Submit();
        var second = _emulation.SubmitAfter(first);
        _emulation.Cancel(second, "enough");
        _emulation.Job(second).Status.Should().Be(JobStatus.Pending);

        _emulation.Succeed(first);

        _emulation.Job(second).Status.Should().Be(JobStatus.Failed);
        _emulation.Job(second).StatusReason.Should().Be("enough");
    }

    [Fact]
    public void Dependencies_outlive_a_restart()
    {
        var first = _emulation.Submit();
        var second = _emulation.SubmitAfter(first);
        _emulation.Restart();

        _emulation.Succeed(first);

        _emulation.Job(second).Status.Should().Be(JobStatus.Starting);
    }

    [Fact]
    public void Thousands_of_dependents_are_released_by_one_job()
    {
        var emulation = new Emulation().Ready(maxVcpus: 1);
        var first = emulation.Submit();
        var dependents = Enumerable.Range(0, 5_000).Select(_ => emulation.SubmitAfter(first)).ToList();

        emulation.Succeed(first);

        dependents.Count(id => emulation.Job(id).Status == JobStatus.Runnable).Should().Be(4_999);
    }

    [Fact]
    [AwsRule("6.2", Evidence.Live, "more than 20 dependencies, wrapped", "Job cannot have more than 20 dependencies")]
    public void More_than_twenty_dependencies_are_refused()
    {
        var ids = Enumerable.Range(0, 21).Select(_ => _emulation.Submit()).ToArray();

        var submit = () => _emulation.SubmitAfter(ids);

        submit.Should().Throw<ClientException>().Which.Should().Match<ClientException>(
            e => e.IsWrapped && e.Message == "Job cannot have more than 20 dependencies");
    }

    [Fact]
    [AwsRule("6.4", Evidence.Open, "an unknown job")]
    public void Unknown_dependency_is_refused() =>
        _emulation.Invoking(e => e.SubmitAfter("f1f1f1f1-0000-4000-8000-000000000000")).Should().Throw<ClientException>().Which.Should()
            .Match<ClientException>(
            e => !e.IsWrapped && e.Message == OpenTexts.DependencyNotFound("f1f1f1f1-0000-4000-8000-000000000000"));

    [Fact]
    [AwsRule("6.4", Evidence.Doc, "up to 20")]
    public void Twenty_dependencies_are_accepted()
    {
        var ids = Enumerable.Range(0, 20).Select(_ => _emulation.Submit()).ToArray();

        _emulation.Job(_emulation.SubmitAfter(ids)).Status.Should().Be(JobStatus.Pending);
    }

    [Fact]
    public void Child_of_an_array_can_be_waited_for()
    {
        var array = _emulation.SubmitArray(2);
        var after = _emulation.SubmitAfter($"{array}:1");

        _emulation.Succeed($"{array}:1");

        _emulation.Job(after).Status.Should().Be(JobStatus.Starting);
    }

    [Fact]
    [AwsRule("6.4", Evidence.Rec, "describe echoes the list, empty when there is none")]
    public void Dependencies_are_shown_as_they_were_given()
    {
        var first = _emulation.Submit();
        var array = _emulation.SubmitArray(2, new() { JobId = first }, new() { Type = "SEQUENTIAL" });
        IReadOnlyList<Wire.JobDependency> Shown(string id) => JobDetails.Of(_emulation.Job(id), new Dictionary<string, string>()).DependsOn!;

        Shown(first).Should().BeEmpty();
        Shown(array).Should().Equal(new Wire.JobDependency { JobId = first }, new Wire.JobDependency { Type = "SEQUENTIAL" });
        Shown($"{array}:1").Should().Equal(Shown(array));
    }
}
