/* What phrases match: one rule, one text, the words that the hits quote. */
#include "fixture.h"

static const struct {
    const char *label;
    const char *keys; /* of the rule */
    const char *text;
    const char *want; /* quoted hits, in order */
} rows[] = {
    {"a word", "any = [ \"video\" ];", "I have a Video of you", "Video"},
    {"not inside a word", "any = [ \"video\" ];", "videos and multivideo", ""},
    {"each place", "any = [ \"video\" ];", "video, video; VIDEO", "video | video | VIDEO"},
    {"a stem", "any = [ \"record*\" ];", "record recording accord", "record | recording"},
    {"an ending", "any = [ \"*video\" ];", "the sexvideo and a video of videos",
     "sexvideo | video"},
    {"words in a row", "any = [ \"your video\" ];", "your video. Your own video.", "your video"},
    {"over punctuation and lines", "any = [ \"your video\" ];", "your --\n\n \"video\"",
     "your --\n\n \"video"},
    {"a gap", "any = [ \"send ~2 friends\" ];",
     "send friends. send to friends. send to your friends. send it to your friends",
     "send friends | send to friends | send to your friends"},
    {"the nearest start", "any = [ \"send ~9 video\" ];", "send or send or send the video",
     "send the video"},
    {"alternatives", "any = [ \"(will|shall|am going to) send\" ];",
     "I will send, I am going to send, I am to send", "will send | am going to send"},
    {"optional", "any = [ \"the [secret|very secret] video\" ];",
     "the video, the secret video, the very secret video, the very video",
     "the video | the secret video | the very secret video"},
    {"optional at the end", "any = [ \"video [of you]\" ];", "a video of you", "video"},
    {"optional with gaps", "any = [ \"send ~1 [all] ~1 video\" ];",
     "send me all the video; send me the video; send x y z video",
     "send me all the video | send me the video"},
    {"a list", "any = [ \"my {gear}\" ];", "my camera, my laptops, my web cam, my web",
     "my camera | my laptops | my web cam"},
    {"a list of lists", "any = [ \"{all} ok\" ];", "camera ok, front door ok, phone ok, cam ok",
     "camera ok | front door ok | phone ok"},
    {"an entry with a list inside", "any = [ \"{inner}\" ];", "broken web cam, broken camera",
     "broken web cam | broken camera"},
    {"a number", "any = [ \"# hours\" ];", "48 hours, 4a hours, two hours, 007 hours",
     "48 hours | 007 hours"},
    {"an indicator", "any = [ \"pay <amount>\" ];", "pay 500 EUR now, pay now", "pay 500 EUR"},
    {"junk in brackets", "any = [ \"i recorded you\" ];", "I (qzx) recorded (abc) (def) you",
     "I (qzx) recorded (abc) (def) you"},
    {"a bracketed word itself", "any = [ \"the secret thing\" ];", "the (secret) thing",
     "the (secret) thing"},
    {"accents and look-alikes", "any = [ \"p\xC3\xA4iv\xC3\xA4 video\" ];",
     "P\xC3\xA4iv\xC3\xA4 vid\xD0\xB5o", "P\xC3\xA4iv\xC3\xA4 vid\xD0\xB5o"},
    {"CJK inside text", "any = [ \"\xE5\x8B\x95\xE7\x94\xBB\" ];",
     "\xE7\xA7\x81\xE3\x81\xAE\xE5\x8B\x95\xE7\x94\xBB\xE3\x82\x92\xE8\xA6\x8B\xE3\x82\x8B",
     "\xE5\x8B\x95\xE7\x94\xBB"},
    {"CJK gap counts characters", "any = [ \"\xE5\x8B\x95\xE7\x94\xBB ~2 \xE8\xA6\x8B\" ];",
     "\xE5\x8B\x95\xE7\x94\xBB\xE3\x82\x92\xE8\xA6\x8B\xE3\x82\x8B",
     "\xE5\x8B\x95\xE7\x94\xBB\xE3\x82\x92\xE8\xA6\x8B"},
    {"CJK beside letters", "any = [ \"btc\xE9\x80\x81\xE9\x87\x91\" ];",
     "BTC\xE9\x80\x81\xE9\x87\x91", "BTC\xE9\x80\x81\xE9\x87\x91"},
    {"overlapping phrases count once", "any = [ \"send the video\", \"the video now\" ];",
     "send the video now", "send the video"},
    {"near, any order", "near = [ \"video\", \"friends\", \"send\" ]; within = 6;",
     "the video that I send to friends", "video that I send to friends"},
    {"near, too far", "near = [ \"video\", \"friends\" ]; within = 3;", "video a b friends", ""},
    {"near, just near enough", "near = [ \"video\", \"friends\" ]; within = 4;",
     "video a b friends", "video a b friends"},
    {"near, one missing", "near = [ \"video\", \"friends\", \"money\" ]; within = 20;",
     "video friends", ""},
    {"near, phrases of several words",
     "near = [ \"your ~1 video\", \"(to|with) friends\" ]; within = 9;",
     "shared with friends: your nice video", "with friends: your nice video"},
    {"near, short words beside a long one", "near = [ \"video\", \"we\" ]; within = 4;",
     "we saw. We have a video", "We have a video"},
    {"any, one place short", "any = [ \"video\" ]; at_least = 3;", "video, no more; video", ""},
    {"any, places enough", "any = [ \"video\" ]; at_least = 3;", "video, no more; video. Video",
     "video | video | Video"},
    {"any, places of different phrases", "any = [ \"video\", \"{gear}\" ]; at_least = 2;",
     "a video, a web cam", "video | web cam"},
    {"any, overlapping places are one",
     "any = [ \"send the video\", \"the video now\" ]; at_least = 2;", "send the video now", ""},
    {"any, a place that unless takes back",
     "any = [ \"video\" ]; unless = [ \"not\" ]; unless_within = 1; at_least = 2;",
     "a video; and there is not a video", ""},
    {"some near, one short", "near = [ \"video\", \"{gear}\", \"friends\" ]; at_least = 3;",
     "a video of friends", ""},
    {"some near, enough", "near = [ \"video\", \"{gear}\", \"friends\" ]; at_least = 2;",
     "friends in a video", "friends in a video"},
    {"some near, all", "near = [ \"video\", \"{gear}\", \"friends\" ]; at_least = 3;",
     "friends, a web cam, a video", "friends, a web cam, a video"},
    {"some near, the same one twice",
     "near = [ \"video\", \"{gear}\", \"friends\" ]; at_least = 2;", "a camera and a laptop", ""},
    {"some near, just near enough",
     "near = [ \"video\", \"{gear}\", \"friends\" ]; at_least = 2; within = 4;",
     "video a b friends", "video a b friends"},
    {"some near, too far",
     "near = [ \"video\", \"{gear}\", \"friends\" ]; at_least = 2; within = 4;",
     "video a b c friends", ""},
    {"some near, not over the end of the subject",
     "near = [ \"subject\", \"video\", \"friends\" ]; at_least = 2; within = 100;", "video", ""},
    {"a pair of lists", "near = [ \"{gear}\", \"{doors}\" ]; within = 5;",
     "the camera by the front door", "camera by the front door"},
    {"the pair in the other order", "near = [ \"{gear}\", \"{doors}\" ]; within = 5;",
     "the front door and the camera", "front door and the camera"},
    {"a pair too far apart, both ways", "near = [ \"{gear}\", \"{doors}\" ]; within = 4;",
     "front door and the camera or by the front door", ""},
    {"a pair of the nearest", "near = [ \"{gear}\", \"{doors}\" ]; within = 20;",
     "a camera, another camera, a front door", "camera, a front door"},
    {"words that both lists of a pair have are one place",
     "near = [ \"{gear}\", \"(camera|video)\" ]; within = 9;", "a camera", ""},
    {"twice they are two", "near = [ \"{gear}\", \"(camera|video)\" ]; within = 9;",
     "a camera, a camera", "camera, a camera"},
    {"a longer entry around a word of the other list",
     "near = [ \"{gear}\", \"(cam|video)\" ]; within = 9;", "a web cam", "web cam"},
    {"an entry of several words", "any = [ \"{row}\" ];",
     "get in touch, paying up now, get right in touch, get in", "get in touch | paying up now"},
    {"over lines and signs", "any = [ \"{row}\" ];", "get\nin - \"touch\"", "get\nin - \"touch"},
    {"a look-alike word in an entry", "any = [ \"{row}\" ];", "get in t\xD0\xBEuch",
     "get in t\xD0\xBEuch"},
    {"a disguised word in an entry", "any = [ \"{row}\" ];", "get in t0uch, p4ying up n0w",
     "get in t0uch | p4ying up n0w"},
    {"a spaced word in an entry", "any = [ \"{row}\" ];", "get in t.o.u.c.h", "get in t.o.u.c.h"},
    {"junk in brackets in an entry", "any = [ \"{row}\" ];", "get (qzx) in (abc) (def) touch",
     "get (qzx) in (abc) (def) touch"},
    {"an entry of several words in a pair", "near = [ \"{row}\", \"{gear}\" ]; within = 6;",
     "get in (qzx) t0uch with a camera", "get in (qzx) t0uch with a camera"},
    {"unless", "any = [ \"video\" ]; unless = [ \"not\" ]; unless_within = 2;",
     "not a video; here is one more video", "video"},
    {"unless after it", "any = [ \"video\" ]; unless = [ \"call\" ]; unless_within = 0;",
     "video call, then a video", "video"},
    {"unless overlapping", "any = [ \"send ~3 video\" ]; unless = [ \"please\" ];",
     "send please the video", ""},
    {"unless for near", "near = [ \"video\", \"friends\" ]; unless = [ \"party\" ];",
     "video with friends at the party", ""},
    {"not over the end of the subject", "any = [ \"subject body\" ];", "body", ""},
    {"short words", "any = [ \"(i|we) do it now\" ];", "I do it now", "I do it now"},
    {"a long word among short ones", "any = [ \"to all of them\" ];", "TO ALL OF THEM",
     "TO ALL OF THEM"},
};

static void test_phrases(void **state)
{
    (void)state;
    int failures = 0;
    struct fixture f;
    fixture_init(&f);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf pack, mail;
        buf_init(&pack, 1 << 16);
        buf_init(&mail, 1 << 16);
        buf_addf(&pack,
                 "pack = \"t\"; words = { gear = [ \"camera\", \"laptop*\", \"web cam\" ];\n"
                 "all = [ \"{gear}\", \"{t.doors}\", \"phone\" ]; doors = [ \"front door\" ];\n"
                 "row = [ \"get in touch\", \"pay* up now\" ];\n"
                 "inner = [ \"broken {gear}\" ]; };\n"
                 "rules = ( { id = \"t-r\"; %s } );\n",
                 rows[i].keys);
        buf_add_byte(&pack, '\0');
        buf_addf(&mail,
                 "From: a@example.org\nSubject: the subject\nMIME-Version: 1.0\n"
                 "Content-Type: text/plain; charset=utf-8\n\n%s\n",
                 rows[i].text);
        struct ruleset *r = fixture_ruleset(pack.p);
        fixture_message(&f, buf_view(&mail));
        for (int gates = 0; gates < 2; gates++) {
            fixture_match(&f, r, gates);
            failures += row_view(view_of(fixture_quotes(&f, r, "t-r")), view_of(rows[i].want),
                                 rows[i].label, gates ? "gates on" : "gates off");
            bool yes = fixture_outcome(&f, r, "t-r") == OUTCOME_YES;
            failures += row_check(yes == (rows[i].want[0] != '\0'), rows[i].label, "outcome");
        }
        ruleset_free(&r);
        buf_fini(&pack);
        buf_fini(&mail);
    }
    fixture_fini(&f);
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_phrases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
