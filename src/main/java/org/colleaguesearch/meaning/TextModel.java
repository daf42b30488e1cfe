package org.colleaguesearch.meaning;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.colleaguesearch.failure.Causes;
import org.springframework.stereotype.Component;

/**
 * The language model all-MiniLM-L6-v2, quantised. It runs in this process, on the thread that asks, and needs no network.
 * Loaded when it is first asked, once for the process. Thread-safe: what is loaded never changes, and sessions of onnxruntime
 * serve any number of threads.
 */
@Component
class TextModel {
    static final String NAME = "all-minilm-l6-v2-q";

    /** The pieces of words that it reads of a text, including its beginning and end: as many as it was tuned for. */
    private static final int LONGEST = 256;

    private record Loaded(WordPieces pieces, OrtEnvironment environment, OrtSession session) {}

    /** Initialised by the JVM, once, on the first thread that needs it. Never closed: another thread may be using it. */
    private static final class Holder {
        private static final Loaded MODEL = load();
    }

    /**
     * The meaning of a text.
     *
     * @param sentences of which it consists
     * @throws IllegalStateException if the model cannot run on this machine
     */
    TextVectors of(List<String> sentences) {
        Loaded model = loaded();
        List<Long> pieces = new ArrayList<>(List.of(WordPieces.BEGIN));
        List<Integer> ends = new ArrayList<>();
        for (String sentence : sentences) {
            List<Long> all = model.pieces().of(sentence);
            List<Long> read = all.subList(0, Math.min(all.size(), LONGEST - 1 - pieces.size()));
            if (read.isEmpty() && !all.isEmpty()) {
                break;
            }
            pieces.addAll(read);
            ends.add(pieces.size());
        }
        pieces.add(WordPieces.END);
        float[][] states = states(model, pieces);
        List<float[]> vectors = new ArrayList<>(List.of(mean(states, 0, states.length)));
        for (int i = 0; i < ends.size(); i++) {
            vectors.add(mean(states, i == 0 ? 1 : ends.get(i - 1), ends.get(i)));
        }
        return new TextVectors(vectors);
    }

    /** What the model makes of each piece, seeing all of them. */
    private static float[][] states(Loaded model, List<Long> pieces) {
        long[][] numbers = {pieces.stream().mapToLong(Long::longValue).toArray()};
        long[][] seen = {new long[pieces.size()]};
        Arrays.fill(seen[0], 1);
        long[][] firstOfPair = {new long[pieces.size()]};
        try (OnnxTensor ids = OnnxTensor.createTensor(model.environment(), numbers);
                OnnxTensor mask = OnnxTensor.createTensor(model.environment(), seen);
                OnnxTensor types = OnnxTensor.createTensor(model.environment(), firstOfPair);
                OrtSession.Result result = model.session()
                        .run(Map.of("input_ids", ids, "attention_mask", mask, "token_type_ids", types))) {
            return ((float[][][]) result.get(0).getValue())[0];
        } catch (OrtException e) {
            throw new IllegalStateException("the language model failed: " + e.getMessage(), e);
        }
    }

    private static float[] mean(float[][] states, int from, int to) {
        float[] sum = new float[states[0].length];
        for (int piece = from; piece < to; piece++) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += states[piece][i];
            }
        }
        double squares = 0;
        for (float each : sum) {
            squares += each * each;
        }
        float length = (float) Math.sqrt(squares);
        for (int i = 0; i < sum.length && length > 0; i++) {
            sum[i] /= length;
        }
        return sum;
    }

    private static Loaded loaded() {
        try {
            return Holder.MODEL;
        } catch (LinkageError e) {
            throw new IllegalStateException("the language model cannot run here: " + Causes.deepest(e), e);
        }
    }

    private static Loaded load() {
        try (InputStream tokenizer = TextModel.class.getResourceAsStream("/" + NAME + "-tokenizer.json");
                InputStream model = TextModel.class.getResourceAsStream("/" + NAME + ".onnx");
                OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            // The asking thread does all the work, so that the pools of the routes bound it.
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            // Memory goes back after each text, rather than staying as much as the longest took.
            options.setCPUArenaAllocator(false);
            options.setMemoryPatternOptimization(false);
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            return new Loaded(
                    new WordPieces(new ObjectMapper().readTree(tokenizer)),
                    environment,
                    environment.createSession(model.readAllBytes(), options));
        } catch (IOException | OrtException e) {
            throw new IllegalStateException(e);
        }
    }
}
