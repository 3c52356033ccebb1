using System.Threading.Channels;
using BatchEmulator.Core;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Operations;

namespace BatchEmulator.Hosting.Engine;

/// <summary>
/// The way into the engine: callers put commands and news in, the loop takes them out. When it is full, callers wait for a place.
/// </summary>
internal sealed class EngineMailbox
{
    private const int Capacity = 8_192;

    private readonly Channel<Letter> _letters = Channel.CreateBounded<Letter>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private volatile EngineStoppedException? _stopped;

    public ChannelReader<Letter> Letters => _letters.Reader;

    /// <summary>Carries a command out; completes when its changes are durable.</summary>
    /// <returns>
    /// The answer, or null when the command was prepared with something that has changed since: it is to be prepared again.
    /// </returns>
    /// <exception cref="ClientException">The command was refused.</exception>
    /// <exception cref="EngineStoppedException">The engine stopped before it was carried out.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up before it was carried out.</exception>
    public async Task<TReply?> ExecuteAsync<TReply>(Command<TReply> command, CancellationToken cancellationToken)
        where TReply : class
    {
        var letter = new Letter(command, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            await _letters.Writer.WriteAsync(letter, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw _stopped ?? EngineStoppedException.Of(cause: null);
        }

        await letter.Completion!.Task;
        return command.Refusal is null ? command.Reply : throw command.Refusal;
    }

    /// <summary>
    /// Hands over news; completes when they are in. News that come after the end of the loop are dropped: a restart asks again.
    /// </summary>
    public async ValueTask PostAsync(EngineInput input)
    {
        try
        {
            await _letters.Writer.WriteAsync(new Letter(input, null));
        }
        catch (ChannelClosedException)
        {
        }
    }

    /// <summary>Completes when everything that was put in before is committed.</summary>
    /// <returns>False if the loop ended before that.</returns>
    public async ValueTask<bool> SettleAsync()
    {
        try
        {
            await ExecuteAsync(new Command<Settled>(_ => new Settled()), CancellationToken.None);
            return true;
        }
        catch (Exception)
        {
            // Why the loop ended, it has logged itself.
            return false;
        }
    }

    /// <summary>Lets the engine stop with an error, because a part of the server that it depends on cannot go on.</summary>
    public void Break(Exception reason) => _letters.Writer.TryComplete(reason);

    /// <summary>Takes nothing more; what is still inside is not carried out.</summary>
    /// <param name="stopped">What callers are told; the first one that is given counts.</param>
    public void Close(EngineStoppedException stopped)
    {
        _stopped ??= stopped;
        _letters.Writer.TryComplete();
        while (_letters.Reader.TryRead(out var letter))
        {
            letter.Completion?.TrySetException(stopped);
        }
    }

    private sealed record Settled;
}

/// <summary>An input and who waits for it; nobody waits for news.</summary>
internal readonly record struct Letter(EngineInput Input, TaskCompletionSource? Completion);
