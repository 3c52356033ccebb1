using System.Globalization;
using BatchEmulator.Core.Attempts;

namespace BatchEmulator.Conformance.Executors;

/// <summary>
/// Behaviour that every <see cref="IJobExecutor"/> has. To test an executor, derive a public class in a test project and override the
/// abstract members; every test has its own instance and thereby its own executor, which ends with the test.
/// </summary>
/// <remarks>
/// An executor that runs commands runs them in a POSIX shell; the image or machine has <c>sh</c>, <c>sleep</c>, <c>head</c> and <c>tr</c>.
/// Reports of the executor are recorded by <see cref="Observer"/>, which also checks their order.
/// </remarks>
public abstract partial class JobExecutorConformance : IAsyncLifetime
{
    private IJobExecutor? _executor;

    /// <summary>
    /// Time between SIGTERM and SIGKILL that <see cref="Create"/> gives the executor, so that tests do not wait for 30 seconds.
    /// </summary>
    protected static TimeSpan ShortGrace { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Reports of the executor since it was created.</summary>
    protected RecordingObserver Observer { get; private set; } = new();

    /// <summary>The executor under test.</summary>
    protected IJobExecutor Executor => _executor ?? throw new InvalidOperationException("Not initialized yet.");

    /// <summary>
    /// True if commands really run; otherwise <see cref="Run"/> describes the attempt, and tests that need a command are skipped.
    /// </summary>
    protected abstract bool RunsCommands { get; }

    /// <summary>True if running attempts survive the executor, so that the next one takes them over.</summary>
    protected abstract bool TakesUpAgain { get; }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        await PrepareAsync();
        _executor = Create(Observer);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_executor is not null)
        {
            await _executor.DisposeAsync();
            await CleanUpAsync();
            Observer.Violations.Should().BeEmpty();
        }

        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Succeeding_attempt_is_started_and_exits_with_zero()
    {
        var launch = Run("exit 0");

        Executor.Start(launch);

        (await Observer.ContainerEndAsync(launch.Key)).Should().Be(new ContainerEnd("default", 0));
        Observer[launch.Key].Starts.Should().Be(1);
    }

    [Fact]
    public async Task Exit_code_is_the_commands()
    {
        var launch = Run("exit 42", exitCode: 42);

        Executor.Start(launch);

        (await Observer.ContainerEndAsync(launch.Key)).Should().Be(new ContainerEnd("default", 42));
    }

    [Fact]
    public async Task Output_is_complete_and_in_order_when_the_attempt_exits()
    {
        var lines = Enumerable.Range(1, 2000).Select(number => number.ToString(CultureInfo.InvariantCulture)).ToList();
        var launch = Run("i=0; while [ $i -lt 2000 ]; do i=$((i+1)); echo $i; done", output: string.Join('\n', lines));

        Executor.Start(launch);

        await Observer.ExitedAsync(launch.Key);
        Observer.Lines(launch.Key).Should().Equal(lines);
    }

    [Fact]
    public async Task Last_line_needs_no_line_end()
    {
        var launch = Run("printf 'first\\n\\nlast'", output: "first\n\nlast");

        Executor.Start(launch);

        await Observer.ExitedAsync(launch.Key);
        Observer.Lines(launch.Key).Should().Equal("first", "", "last");
    }

    [Fact]
    public async Task Standard_error_is_output_too()
    {
        NeedsCommands();
        var launch = Run("echo out; echo err >&2; printf unended >&2");

        Executor.Start(launch);

        await Observer.ExitedAsync(launch.Key);
        Observer.Lines(launch.Key).Should().BeEquivalentTo("out", "err", "unended");
    }

    [Fact]
    public async Task Line_beyond_the_bound_arrives_in_pieces()
    {
        NeedsCommands();
        var launch = Run("head -c 600000 /dev/zero | tr '\\0' x; echo; echo end");

        Executor.Start(launch);

        await Observer.ExitedAsync(launch.Key);
        Observer.Lines(launch.Key).Select(line => line.Length).Should().Equal(262_144, 262_144, 75_712, 3);
    }

    [Fact]
    public async Task Environment_reaches_the_command()
    {
        NeedsCommands();
        var launch = Run("echo \"$AWS_BATCH_JOB_ID\"; echo \"$GREETING\"; echo \"${DOTNET_ROOT-unset}${BATCH_EMULATOR_DATA-unset}\"")
            .With(container => container with
            {
                Environment = [.. container.Environment, new("GREETING", "héllo = 'wörld' $HOME")],
            });

        Executor.Start(launch);

        await Observer.ExitedAsync(launch.Key);
        Observer.Lines(launch.Key).Should().Equal(launch.Key.JobId, "héllo = 'wörld' $HOME", "unsetunset");
    }

    [Fact]
    public async Task Words_of_a_command_are_passed_unchanged()
    {
        NeedsCommands();
        var launch = Run("for word; do echo \"<$word>\"; done");
        launch = launch.With(container => container with { Command = [.. container.Command, "sh", "a b", "", "$HOME", "\"*\""] });

        Executor.Start(launch);

        await Observer.ExitedAsync(launch.Key);
        Observer.Lines(launch.Key).Should().Equal("<a b>", "<>", "<$HOME>", "<\"*\">");
    }

    [Fact]
    [AwsRule("7.3", Evidence.Doc, "SIGTERM, 30 seconds, SIGKILL")]
    public async Task Stopped_attempt_that_handles_sigterm_determines_its_exit_code()
    {
        var launch = Run("trap 'echo bye; exit 143' TERM; echo ready; while true; do sleep 0.05; done", forever: true, output: "ready");
        Executor.Start(launch);
        await Observer.WroteAsync(launch.Key, "ready");

        Executor.Stop(launch.Key);

        (await Observer.ContainerEndAsync(launch.Key)).ExitCode.Should().Be(143);
        // The shell may add that the stop reached its child, on a separate stream.
        Observer.Lines(launch.Key).Should().Contain(RunsCommands ? "bye" : "ready");
    }

    [Fact]
    [AwsRule("7.3", Evidence.Doc, "SIGTERM, 30 seconds, SIGKILL")]
    public async Task Stopped_attempt_that_ignores_sigterm_is_killed_after_the_grace()
    {
        NeedsCommands();
        var launch = Run("trap '' TERM; echo ready; while true; do sleep 0.05; done", forever: true);
        Executor.Start(launch);
        await Observer.WroteAsync(launch.Key, "ready");

        Executor.Stop(launch.Key);

        (await Observer.ContainerEndAsync(launch.Key)).ExitCode.Should().Be(137);
    }

    [Fact]
    public async Task Stop_right_after_start_ends_the_attempt()
    {
        var launches = Enumerable.Range(0, 12).Select(_ => Run("sleep 600", forever: true)).ToList();
        foreach (var launch in launches)
        {
            Executor.Start(launch);
        }

        launches.ForEach(launch => Executor.Stop(launch.Key));

        foreach (var launch in launches)
        {
            var end = await Observer.ContainerEndAsync(launch.Key);
            if (Observer[launch.Key].Starts == 0)
            {
                end.ExitCode.Should().BeNull("nothing ran that could have had one");
            }
            else
            {
                end.ExitCode.Should().BeOneOf(137, 143);
            }
        }
    }

    [Fact]
    public async Task Stopping_an_unknown_attempt_changes_nothing()
    {
        Executor.Stop(new AttemptKey(Guid.NewGuid().ToString(), 1));
        var launch = Run("exit 0");
        Executor.Start(launch);
        await Observer.ExitedAsync(launch.Key);

        Executor.Stop(launch.Key);
        Executor.Stop(launch.Key);

        Observer[launch.Key].Ends.Should().Be(1);
    }

    [Fact]
    public async Task Starting_twice_is_one_run()
    {
        var launch = Run("echo once; sleep 600", forever: true, output: "once");

        Executor.Start(launch);
        Executor.Start(launch);
        await Observer.WroteAsync(launch.Key, "once");
        Executor.Start(launch);
        Executor.Stop(launch.Key);

        await Observer.ExitedAsync(launch.Key);
        Observer.Lines(launch.Key).Should().Equal("once");
        Observer[launch.Key].Starts.Should().Be(1);
    }

    [Fact]
    public async Task Attempts_of_one_job_are_distinct()
    {
        var first = Run("echo 1", output: "1");
        var second = Run("echo 2", output: "2") with { Key = first.Key with { Attempt = 2 } };

        Executor.Start(first);
        Executor.Start(second);

        await Observer.ExitedAsync(first.Key);
        await Observer.ExitedAsync(second.Key);
        Observer.Lines(first.Key).Should().Equal("1");
        Observer.Lines(second.Key).Should().Equal("2");
    }

    [Fact]
    public async Task Unknown_command_does_not_start()
    {
        NeedsCommands();
        var launch = Run("").With(container => container with { Command = ["no-such-command", "x"] });

        Executor.Start(launch);

        var end = await Observer.NotStartedAsync(launch.Key);
        end.Reason.Should().StartWith("CannotStartContainerError: ").And.Contain("no-such-command").And.Contain("not found");
        end.ExitCode.Should().Be(127);
        Observer[launch.Key].Starts.Should().Be(0);
    }

    [Fact]
    public async Task Command_without_execute_permission_does_not_start()
    {
        NeedsCommands();
        var launch = Run("").With(container => container with { Command = ["/etc/passwd"] });

        Executor.Start(launch);

        var end = await Observer.NotStartedAsync(launch.Key);
        end.Reason.Should().StartWith("CannotStartContainerError: ").And.Contain("permission denied");
        end.ExitCode.Should().Be(126);
    }

    [Fact]
    public async Task Fifty_attempts_at_once_exit_once_each()
    {
        var launches = Enumerable.Range(0, 50).Select(index => Run($"echo {index}; exit {index}", exitCode: index, output: $"{index}"))
            .ToList();

        Parallel.ForEach(launches, Executor.Start);

        for (var index = 0; index < launches.Count; index++)
        {
            var key = launches[index].Key;
            (await Observer.ContainerEndAsync(key)).ExitCode.Should().Be(index);
            Observer.Lines(key).Should().Equal($"{index}");
            Observer[key].Ends.Should().Be(1);
        }
    }

    [Fact]
    public async Task Running_attempt_is_taken_over_or_gone_after_a_restart()
    {
        var launch = Run("trap 'exit 143' TERM; echo ready; while true; do sleep 0.05; done", forever: true, output: "ready");
        Executor.Start(launch);
        await Observer.WroteAsync(launch.Key, "ready");
        await RestartAsync();

        var taken = await Executor.RecoverAsync([new(launch, DateTimeOffset.UnixEpoch)], CancellationToken.None);

        taken.Should().BeEquivalentTo(TakesUpAgain ? [launch.Key] : Array.Empty<AttemptKey>());
        if (TakesUpAgain)
        {
            await Observer.StartedAsync(launch.Key);
            Executor.Stop(launch.Key);
            (await Observer.ContainerEndAsync(launch.Key)).ExitCode.Should().Be(143);
        }
    }

    [Fact]
    public async Task Recovering_with_nothing_left_is_empty()
    {
        var taken = await Executor.RecoverAsync([], CancellationToken.None);

        taken.Should().BeEmpty();
    }

    [Fact]
    public async Task Nothing_is_left_behind()
    {
        var launches = new[] { Run("exit 0"), Run("exit 3", exitCode: 3), Run("sleep 600", forever: true), Run("sleep 600 & exit 0") };
        Array.ForEach(launches, Executor.Start);
        await Observer.StartedAsync(launches[2].Key);
        Executor.Stop(launches[2].Key);
        foreach (var launch in launches)
        {
            await Observer.ExitedAsync(launch.Key);
        }

        (await LeftBehindAsync()).Should().BeEmpty();
    }

    /// <summary>Creates an attempt of one container, e.g. by <see cref="Launch"/>.</summary>
    /// <param name="script">Shell script that the container runs.</param>
    /// <param name="exitCode">Exit code of the script, for an executor that runs no commands.</param>
    /// <param name="output">Lines that the script writes, for an executor that runs no commands.</param>
    /// <param name="forever">True for a script that runs until it is stopped, for an executor that runs no commands.</param>
    protected abstract AttemptLaunch Run(string script, int exitCode = 0, string output = "", bool forever = false);

    /// <summary>Creates an attempt whose only container cannot be started; by default, because the command does not exist.</summary>
    protected virtual AttemptLaunch RunNothing() => Run("").With(container => container with { Command = ["no-such-command"] });

    /// <summary>Creates an executor that takes over the attempts that the last one of this test left, if it can.</summary>
    /// <param name="observer">Observer of the attempts.</param>
    protected abstract IJobExecutor Create(IAttemptObserver observer);

    /// <summary>Returns the leftovers of ended attempts on the machine: containers, folders, processes.</summary>
    protected abstract Task<IReadOnlyList<string>> LeftBehindAsync();

    /// <summary>Prepares the prerequisites of the executor, before it is created; it may skip the test.</summary>
    protected virtual ValueTask PrepareAsync() => ValueTask.CompletedTask;

    /// <summary>Removes the resources of the test, after the executor has ended.</summary>
    protected virtual ValueTask CleanUpAsync() => ValueTask.CompletedTask;

    /// <summary>Ends the executor and creates another one, with a new observer.</summary>
    protected async Task RestartAsync()
    {
        await Executor.DisposeAsync();
        Observer.Violations.Should().BeEmpty();
        Observer = new RecordingObserver();
        _executor = Create(Observer);
    }

    /// <summary>Skips the test if the executor runs no commands.</summary>
    protected void NeedsCommands() => Assert.SkipUnless(RunsCommands, "This executor runs no commands.");
}
