package org.colleaguesearch.meaning;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextModelTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final TextModel model = new TextModel();

    /** The numbers are those of Hugging Face's own tokeniser with the same file. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Deionisation of water | 14866 27296 3370 1997 2300",
                "Äußere Schweißnaht | 8740 17499 2890 8040 2232 19845 19310 15272 2102",
                "don’t (stop) | 2123 1521 1056 1006 2644 1007",
                "中文 text | 1746 1861 3793",
                "\uD83D\uDE00 | 100",
                "a\u200Bb\u00ADc | 5925",
                "e\u0301lan | 3449 2319",
                "1.5-fold | 1015 1012 1019 1011 10671",
            })
    void splitsWordsAsTheModelLearntThem(String text, String numbers) throws IOException {
        WordPieces pieces = new WordPieces(
                JSON.readTree(TextModel.class.getResourceAsStream("/all-minilm-l6-v2-q-tokenizer.json")));

        assertThat(pieces.of(text)).map(String::valueOf).containsExactly(numbers.split(" "));
        assertThat(pieces.of("x".repeat(101))).containsExactly(100L);
        assertThat(pieces.of(" \t\n")).isEmpty();
    }

    @Test
    void textsOfALikeMeaningAreNear() {
        TextVectors question = of("keep germs from growing on the filter");

        assertThat(near(question, of("Preventing biofouling of membranes")))
                .isGreaterThan(0.3)
                .isGreaterThan(near(question, of("Fast charging without lithium plating")) + 0.2);
        assertThat(near(question, question)).isEqualTo(1);
    }

    @Test
    void findsTheNearestSentence() {
        List<String> sentences = List.of(
                "A pump.",
                "The housing is made of steel.",
                "Bacteria are killed by ultraviolet light.",
                "It has a lid.");

        String differences = model.of(sentences).differences();

        assertThat(TextVectors.nearest(of("what is the housing made of").vector(), differences))
                .isEqualTo(1);
        assertThat(TextVectors.nearest(of("how to get rid of germs").vector(), differences))
                .isEqualTo(2);
    }

    /** The model reads 256 pieces of words. */
    @Test
    void longTextIsReadToWhereTheModelEnds() {
        List<String> sentences =
                IntStream.range(0, 100).mapToObj(i -> "one two three four").toList();

        assertThat(model.of(sentences).vectors()).hasSize(1 + 64);
        assertThat(model.of(List.of("word ".repeat(10_000))).vectors()).hasSize(2);
    }

    @Test
    void textWithoutWordsHasAMeaning() {
        assertThat(model.of(List.of()).vector()).hasSize(384);
        assertThat(model.of(List.of()).differences()).isEmpty();
        assertThat(model.of(List.of(" ", "\u200B")).vector()).hasSize(384);
    }

    @Test
    void threadsGetWhatOneWould() throws Exception {
        List<String> texts =
                IntStream.range(0, 40).mapToObj(i -> "text number " + i).toList();
        List<int[]> alone = texts.stream().map(text -> of(text).vector()).toList();

        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<int[]>> together = texts.stream()
                    .map(text -> threads.submit(() -> of(text).vector()))
                    .toList();
            for (int i = 0; i < texts.size(); i++) {
                assertThat(together.get(i).get()).isEqualTo(alone.get(i));
            }
        }
    }

    @Test
    void sentencesOfAnItemAreThoseOfItsTextsInOrder() throws IOException {
        assertThat(Sentences.of(JSON.readTree("""
                                {"title":"Pump","abstract":"It turns. It is 1.5 m long, e.g. here.\\n Then?",
                                 "tags":["steel"," ",["iron"],{"x":"y"}],"year":2020,"none":null}"""), List.of("title", "abstract", "tags", "year", "none", "missing")))
                .containsExactly("Pump", "It turns.", "It is 1.5 m long, e.g. here.", "Then?", "steel", "iron", "2020");
    }

    private TextVectors of(String text) {
        return model.of(List.of(text));
    }

    /** The cosine of the angle, from what the index has. */
    private static double near(TextVectors one, TextVectors other) {
        int[] a = one.vector();
        int[] b = other.vector();
        double product =
                IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
        return product / Math.sqrt(squares(a)) / Math.sqrt(squares(b));
    }

    private static double squares(int[] vector) {
        return IntStream.of(vector).mapToDouble(each -> each * each).sum();
    }
}
